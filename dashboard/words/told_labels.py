"""What buyers are told of, in words, and that they were."""

from services.operations.journal.told import Telling
from services.tables.notes import Told

from dashboard.locale import _
from dashboard.words import formats
from dashboard.words.labels import Words, once_a_language
from dashboard.words.operation_labels import person


@once_a_language
def told() -> Words:
    """What a buyer is told of."""
    return {
        Told.REFUND: _("refund made"),
        Told.REFUSED: _("refund refused"),
        Told.CHARGE: _("payment made"),
        Told.FAILED: _("failed payment"),
        Told.ENDED: _("end of the subscription"),
        Told.ACCOUNT: _("how to pay"),
    }


def telling_words(telling: Telling) -> str:
    """`Told by kim@… · 11-28 09:12`."""
    return _("Told by {who} · {time}").format(who=person(telling.by), time=formats.short_time(telling.at))
