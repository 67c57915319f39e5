"""The last look at what a form became, and the click that has it written down."""

from collections.abc import Mapping, Sequence

from services.operations.journal.journal import record

from dashboard.access import User, auth_configured
from dashboard.process.resources import current_freshness, current_settings
from dashboard.screens.asking import drafts, review
from dashboard.screens.asking.drafts import Draft, Write
from dashboard.screens.asking.steps import Looking


def last_look(
    draft: Draft,
    user: User,
    says: str,
    body: Mapping[str, object],
    *,
    charges: bool = True,
    write: Write = record,
    label: str | None = None,
    details: Sequence[str] = (),
) -> None:
    """Draws it; the page is run again once the person sent it or went back to the fields.

    `charges`: whether money moves, so that a large amount is typed once more. `write` writes the intent down,
    `label` is the button's where no sum says it, `details` are lines below the sentence.
    """
    settings, looking = current_settings(), draft.step
    if not isinstance(looking, Looking):
        return
    choice = review.review(
        looking.wanted,
        says,
        body,
        confirm_from=settings.refund_confirm_from if charges else None,
        closed=review.closed_words(current_freshness(), draft.unread, has_key=bool(settings.imp_key)),
        error=looking.error,
        alone=not auth_configured(),
        label=label,
        may_read=draft.unread is not None,
        details=details,
    )
    drafts.follow(draft, choice, user, write)
