"""Words of recovery: every code has one in both languages, and a cadence reads as people say it."""

import pytest

from dashboard import locale
from dashboard.words import recovery_labels
from services.subscriptions.grids import Unit
from services.subscriptions.reasons import Action
from services.tables.chains import LastResult, RecoveredBy


@pytest.mark.parametrize("language", locale.LANGUAGES)
def test_every_code_is_a_word(language: str) -> None:
    locale.set_language(language)
    words = [recovery_labels.action(one) for one in Action]
    words += [recovery_labels.last_result(one) for one in LastResult]
    words += [recovery_labels.recovered_by(one) for one in RecoveredBy]
    words += [recovery_labels.cadence(every, unit, None) for unit in Unit for every in (1, 2)]
    assert len(set(words)) == len(words)
    assert not {*Action, *LastResult, *RecoveredBy, *Unit} & set(words)


@pytest.mark.parametrize(
    ("cadence", "korean", "english"),
    [
        ((1, "month", 5), "매월 5일", "Every month, on day 5"),
        ((3, "month", 31), "3개월마다 말일", "Every 3 months, on the last day"),
        ((2, "week", None), "2주마다", "Every 2 weeks"),
    ],
)
def test_a_cadence_reads_as_people_say_it(cadence: tuple[int, str, int | None], korean: str, english: str) -> None:
    locale.set_language("ko")
    assert recovery_labels.cadence(*cadence) == korean
    locale.set_language("en")
    assert recovery_labels.cadence(*cadence) == english
