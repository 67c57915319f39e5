"""Entering a card by hand: what its form stands on, whether it may be open at all, and the click that sends it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

import streamlit as st
from services.cards.card import FIELDS, Card, checked_card
from services.cards.pg_rules import Ability, takes_cards
from services.errors import InvalidRequest, JangbuError
from services.operations.actions.cards import secret
from services.operations.actions.cards.forms import BUYER, HOLDER, personal_of, wants_of, with_card
from services.operations.actions.charges import subject_of
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted, latest_id
from services.store.lists.system import list_channels
from services.tables.journal import Operation, OperationKind
from services.tables.v1 import Channel
from sqlalchemy import Engine

from dashboard.access import User, auth_configured, is_loopback
from dashboard.kit.fields import Fields
from dashboard.kit.session import Slot
from dashboard.process.resources import current_freshness, current_settings, open_session
from dashboard.routes.cookie import behind_tls, own_origin
from dashboard.screens.asking import drafts, held_form, review
from dashboard.screens.asking.drafts import Draft
from dashboard.screens.asking.steps import Filling, Looking

_ABILITIES = {OperationKind.CARD_CHARGE: Ability.CHARGE, OperationKind.REGISTER_CARD: Ability.REGISTER}


@dataclass(slots=True)
class LastLook:
    """The fields of a card: other ones after each click, so that nothing of one is drawn a second time."""

    times: int = 0
    problem: InvalidRequest | None = None
    """What was wrong with the last one, which is gone."""


_LOOK: Slot[LastLook] = Slot("card_look", LastLook)


@dataclass(frozen=True, slots=True)
class CardScreen:
    """What is asked for, and the channels that do it."""

    kind: OperationKind
    draft: Draft
    channels: Sequence[Channel]
    """Live ones first."""
    operation: Operation | None
    """What is shown instead of the form."""
    seen: int
    look: LastLook = field(default_factory=LastLook)

    @property
    def wants(self) -> tuple[str, ...]:
        """What the chosen PG wants of a card, and of whose it is."""
        wanted = self.draft.wanted
        return wants_of(self.kind, wanted.request["pg_provider"]) if wanted else ()


def is_open() -> bool:
    """Whether the settings allow it."""
    return current_settings().allow_card_entry


def is_encrypted() -> bool:
    """Whether nothing is read on the way from the browser: TLS stands in front, or it is this machine's own."""
    return not auth_configured() or behind_tls() or is_loopback(urlsplit(own_origin()).hostname or "")


def open_entry(kind: OperationKind, uid: str, order: str, user: User) -> CardScreen:
    """The form of a charge, or of a billing key that is made; `order` and `uid` are those of an operation that was."""
    charges = kind == OperationKind.CARD_CHARGE
    draft = drafts.draft_of(f"card_charge:{order}" if charges else subject_of(uid), kind)
    with open_session() as conn:
        able = [one for one in list_channels(conn) if takes_cards(one.pg_provider, one.type, _ABILITIES[kind])]
        return CardScreen(
            kind=kind,
            draft=draft,
            channels=sorted(able, key=lambda one: (one.sandbox, one.pg_provider)),
            operation=drafts.operation_to_show(conn, draft, user),
            seen=latest_id(conn, draft.subject),
            look=_LOOK.get(),
        )


def closed(found: CardScreen) -> str | None:
    """Why nothing can be sent at this moment."""
    return review.closed_words(current_freshness(), found.draft.unread, has_key=bool(current_settings().imp_key))


def unsaved(draft: Draft) -> JangbuError | None:
    """Why the last click was not written down."""
    return draft.step.error if isinstance(draft.step, Looking) else None


def confirm_from() -> int:
    """From which amount on it is typed once more."""
    return current_settings().refund_confirm_from


def fields_of(found: CardScreen) -> Fields:
    """The card's own fields, new ones after each click."""
    return Fields(f"{found.draft.form}.card{found.look.times}")


def take_card(found: CardScreen, fields: Fields, typed: Mapping[str, str], user: User, now: float) -> None:
    """Has this process hold the card and writes the row that knows its end; what was typed is out of the session first.

    The page is drawn anew, with empty fields where something has to be mended.
    """
    _empty(found, fields)
    wanted = found.draft.wanted
    if wanted is None:
        return
    try:
        card = checked_card(typed, found.wants, now)
        found.draft.step = Looking(with_card(wanted, card))
    except InvalidRequest as problem:
        found.look.problem = problem
    else:
        drafts.ask(found.draft, user, partial(_write, found.draft, card))
    st.rerun()


def change(found: CardScreen, fields: Fields) -> None:
    """Back to the fields of what it is for; a card that was typed already is gone."""
    _empty(found, fields)
    found.draft.step = Filling()
    st.rerun()


def unsure(found: CardScreen, fields: Fields) -> None:
    """The amount was another one when it was typed once more: the card is typed anew as well, never drawn again."""
    _empty(found, fields)
    found.look.problem = InvalidRequest("Type the amount once more, as it stands above.")
    st.rerun()


def _empty(found: CardScreen, fields: Fields) -> None:
    for name in FIELDS:
        st.session_state.pop(fields.key(name), None)
    found.look.times += 1
    found.look.problem = None


def _write(draft: Draft, card: Card, engine: Engine, wanted: Wanted, actor: Actor, now: float) -> Operation:
    """As for a cash receipt; what is the buyer's goes out of the session with it."""
    given = held_form.typed(draft.form, (*BUYER, *HOLDER))
    names = BUYER if wanted.kind == OperationKind.CARD_CHARGE else HOLDER
    personal = secret.joined(card, personal_of({name: given[name] for name in names}))
    return held_form.write(draft.form, given, personal, engine, wanted, actor, now)
