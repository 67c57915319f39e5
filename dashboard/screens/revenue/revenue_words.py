"""What each figure of revenue counts, in words: the definitions of services/revenue for those who read screens."""

import streamlit as st

from dashboard.locale import _


def basis_line() -> None:
    """What all of the page goes by."""
    st.caption(
        _(
            "By day in Korea, in one currency, without test rows and without registrations that charged nothing: gross "
            "by the day of payment, refunds by the day of each refund. A figure opens the rows that it counts."
        )
    )


def inferred_line(*, listed: bool = False) -> None:
    """That subscriptions are inferred; `listed`: they stand on this very page."""
    elsewhere = _(
        "V1 knows no subscription: each billing key whose charges and bookings fit a cadence is taken for one, "
        "with a confidence that the page Subscriptions shows."
    )
    here = _(
        "V1 knows no subscription: each billing key whose charges and bookings fit a cadence is taken for one, "
        "with the confidence that its row shows."
    )
    st.caption(here if listed else elsewhere)


def definitions() -> None:
    """All of them, folded away."""
    with st.expander(_("What each figure counts"), icon=":material/menu_book:"):
        for term, meaning in _terms():
            st.markdown(f"**{term}** — {meaning}")


def _terms() -> list[tuple[str, str]]:
    return [
        (_("Gross"), _("payments by the day they were paid, whatever came after.")),
        (_("Refunds"), _("single refunds, whole or partial, by the day of each.")),
        (_("Net"), _("gross less refunds of the same days; nothing of an older payment is taken back into its day.")),
        (_("Refund rate"), _("refunds over gross of the same days.")),
        (_("Average order"), _("gross over its payments.")),
        (_("Subscription revenue"), _("gross of payments on a billing key; one-off revenue is all other gross.")),
        (
            _("Subscription"),
            _(
                "a billing key whose charges and bookings fit a cadence with a confidence of 30% or more, paid at "
                "least once by it. It counts from its first paid charge until it ends."
            ),
        ),
        (
            _("MRR"),
            _(
                "the price of each subscription that counts at the month's end, brought to 30.4375 days: a monthly "
                "price over its months, else price × 30.4375 ÷ days. Refunds and retries do not change it."
            ),
        ),
        (_("New"), _("subscriptions that counted for the first time.")),
        (_("Expansion and contraction"), _("those whose price went up or down.")),
        (_("Churn, chosen"), _("what was booked was taken back, or the key was deleted.")),
        (_("Churn, failed"), _("the last charge failed, and nothing was paid or booked within 7 days.")),
        (_("Churn, lapsed"), _("nobody tried to charge it within 7 days of its due day.")),
        (_("Reactivation"), _("a paid charge after an end.")),
        (_("Movements"), _("compare two month ends, subscription by subscription: they add up to the change in MRR.")),
        (_("ARPU"), _("MRR over subscribers.")),
        (_("Churn rate"), _("subscribers that ended, or their MRR, over those at the end of the month before.")),
        (
            _("Cohort"),
            _("subscriptions by the month they first counted; how many, and how much MRR, still count each month."),
        ),
        (
            _("Forecast"),
            _(
                "booked payments times the success that was seen by PG, amount and try, plus expected renewals and "
                "what usually comes unbooked. P10 to P90 should hold four days of five."
            ),
        ),
    ]
