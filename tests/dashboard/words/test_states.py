"""A state has a sign and a colour beside its word; what only the gateway knows is shown as it is."""

import pytest

from dashboard import locale
from dashboard.words import formats, labels, operation_labels, schedule_labels
from dashboard.words.states import States, channel_badge
from services.payment_states import PaymentState
from services.tables.journal import OperationState
from services.tables.keys import KeyState
from services.tables.schedules import ScheduleState


@pytest.mark.parametrize(
    ("states", "codes"),
    [
        (labels.state, PaymentState),
        (labels.key_state, KeyState),
        (schedule_labels.due_state, ScheduleState),
        (operation_labels.state, OperationState),
    ],
)
def test_every_state_has_a_look(states: States, codes: type[PaymentState]) -> None:
    assert set(codes) <= set(states)


@pytest.mark.parametrize(
    ("language", "badge", "markdown"),
    [("en", "✓ Paid", ":green-badge[✓ Paid]"), ("ko", "✓ 결제 완료", ":green-badge[✓ 결제 완료]")],
)
def test_a_badge_is_sign_and_word(language: str, badge: str, markdown: str) -> None:
    locale.set_language(language)
    assert (labels.state.badge("paid"), labels.state.markdown("paid")) == (badge, markdown)
    assert labels.state.colors()[badge] == "green"


def test_a_code_without_a_look_is_shown_as_it_is() -> None:
    assert labels.state("settling") == "settling"
    assert labels.state.badge("settling") == "? settling"
    assert labels.state.markdown("a]b") == f":gray-badge[{formats.escape('? a]b')}]"


def test_a_channel_is_live_or_a_test() -> None:
    locale.set_language("en")
    assert (channel_badge(sandbox=False), channel_badge(sandbox=True)) == (
        ":gray-badge[Live]",
        ":violet-badge[Test channel]",
    )
