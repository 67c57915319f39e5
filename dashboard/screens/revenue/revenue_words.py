"""What each figure of revenue counts, in words: the definitions of services/revenue for those who read screens."""

import streamlit as st
from services.tables.chains import RecoveredBy

from dashboard.kit.frame import about
from dashboard.locale import _
from dashboard.words import recovery_labels


def inferred_line() -> None:
    """That the subscriptions of this page are inferred."""
    about().caption(
        _(
            "V1 knows no subscription: each billing key whose charges and bookings fit a cadence is taken for one, "
            "with the confidence that its row shows."
        )
    )


def inferred_words() -> str:
    """That subscriptions are inferred, beside a figure of them."""
    return _(
        "V1 knows no subscription: each billing key whose charges and bookings fit a cadence is taken for one, "
        "with a confidence that the page Subscriptions shows."
    )


def meaning(term: str) -> str:
    """What a figure counts, by its term's name here."""
    return _terms()[term][1]


def definitions() -> None:
    """What all figures go by, and all terms, behind a button."""
    with st.popover(_("Definitions"), icon=":material/menu_book:", type="tertiary"):
        st.markdown(
            _(
                "By day in Korea, in one currency, without test rows and without registrations that charged nothing: "
                "gross by the day of payment, refunds by the day of each refund. A figure with an "
                "arrow opens the rows that it counts."
            )
        )
        for term, words in _terms().values():
            st.markdown(f"**{term}** — {words}")


def _terms() -> dict[str, tuple[str, str]]:
    return {
        "gross": (_("Gross"), _("payments by the day they were paid, whatever came after.")),
        "refunds": (_("Refunds"), _("single refunds, whole or partial, by the day of each.")),
        "net": (
            _("Net"),
            _("gross less refunds of the same days; nothing of an older payment is taken back into its day."),
        ),
        "refund_rate": (_("Refund rate"), _("refunds over gross of the same days.")),
        "failures": (
            _("Failed payments"),
            _("each try counts: a charge that failed three times is three. Recovered counts each booking once."),
        ),
        "average_order": (_("Average order"), _("gross over its payments.")),
        "subscription_revenue": (
            _("Subscription revenue"),
            _("gross of payments on a billing key; one-off revenue is all other gross."),
        ),
        "subscription": (
            _("Subscription"),
            _(
                "a billing key whose charges and bookings fit a cadence with a confidence of 30% or more, paid at "
                "least once by it. It counts from its first paid charge until it ends."
            ),
        ),
        "mrr": (
            _("MRR"),
            _(
                "the price of each subscription that counts at the month's end, brought to 30.4375 days: a monthly "
                "price over its months, else price × 30.4375 ÷ days. Refunds and retries do not change it."
            ),
        ),
        "new": (_("New"), _("subscriptions that counted for the first time.")),
        "expansion": (_("Expansion and contraction"), _("those whose price went up or down.")),
        "chosen": (_("Churn, chosen"), _("what was booked was taken back, or the key was deleted.")),
        "failed": (_("Churn, failed"), _("the last charge failed, and nothing was paid or booked within 7 days.")),
        "lapsed": (_("Churn, lapsed"), _("nobody tried to charge it within 7 days of its due day.")),
        "reactivation": (
            _("Came back"),
            _("a paid charge after an end; what is booked here more than 7 days after it does not undo it."),
        ),
        "movements": (
            _("Movements"),
            _("compare two month ends, subscription by subscription: they add up to the change in MRR."),
        ),
        "arpu": (_("ARPU"), _("MRR over subscribers.")),
        "churn_rate": (
            _("Churn rate"),
            _("subscribers that ended, or their MRR, over those at the end of the month before."),
        ),
        "cohort": (
            _("Cohort"),
            _("subscriptions by the month they first counted; how many, and how much MRR, still count each month."),
        ),
        "forecast": (
            _("Forecast"),
            _(
                "what is paid already, today too; booked payments times the success that was seen by PG, amount and "
                "try; and what is expected without a booking: renewals, and what usually comes besides, first payments "
                "of new subscriptions too, but not what those pay later. Of today the part that is left counts. Low to "
                "high should hold four days of five, and low is never below what is paid."
            ),
        ),
        "recovered": (
            _("Recovered"),
            _(
                "booked payments that had failed and were paid after all, by the month of that payment: under their "
                "own order number, or by one of the same amount on the same billing key before the next cycle. The sum "
                "is kept by month alone, so it opens no list of them."
            ),
        ),
        "elsewhere": (
            recovery_labels.recovered_by(RecoveredBy.ELSEWHERE),
            _("recovered without a try that was asked for here: by your own server, PortOne's console or the buyer."),
        ),
    }
