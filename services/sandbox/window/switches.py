"""How the sandbox behaves where the vendor leaves it open or to a contract: at first as is hardest for a shop."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Webhook(StrEnum):
    """When a shop is told what happened in the window."""

    AFTER = "after"
    """A little after the browser has its answer."""
    BEFORE = "before"
    """Before the browser has its answer, which waits for the shop's."""
    NEVER = "never"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Switches:
    """Given to a Sandbox, whose `switches` may be replaced later; times in seconds."""

    webhook_url: str | None = None
    """Where the console says that webhooks go; a payment's own `notice_url` takes its place."""
    webhook: Webhook = Webhook.AFTER
    """What the window offers first, and how it is for what happens elsewhere."""
    webhook_after: float = 1.0
    webhook_form: bool = False
    """Form fields instead of JSON."""
    webhook_repeats: int = 0
    """How often a post that met no answer or a 5xx is repeated; the vendor does so for some, five times."""
    webhook_repeat_after: float = 60.0
    registration_webhook: bool = False
    """Whether a shop is told of a registration that takes no money."""
    test_call: Mapping[str, str] = field(
        default_factory=lambda: {"imp_uid": "imp_1234567890", "merchant_uid": "merchant_1234567890", "status": "paid"}
    )
    """What the console's button for a test sends; these ids exist nowhere."""
    confirm_url: str | None = None
    """Asked before every approval whose parameters name no other."""
    confirm_seconds: float = 5.0
    """The vendor's pages say 5 and 10."""
    success_told: bool = False
    """Whether the new SDK's answers say `success` as well."""
    naverpay_minimum: int = 10
    """In won, by the newest of the vendor's pages; others say 100."""
    prepare_checked: bool = True
    """Off: a window opens for another amount than the registered one."""
    prepare_again: bool = False
    """Whether a second POST for an order replaces the first."""
    prepare_missing_404: bool = True
    """Off: asking for what nobody registered is HTTP 200 with a code."""
    prepare_zero: bool = False
    """Whether an amount of 0 can be registered."""
    prepare_words: str = "사전 등록된 결제금액과 결제 요청 금액이 일치하지 않습니다."


STRICT = Switches()
