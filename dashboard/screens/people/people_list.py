"""Everybody with a role, and what an administrator decided of them."""

from collections.abc import Mapping, Sequence

import streamlit as st
from services.store.lists.keyset import Page

from dashboard.access import Made, Permission, permissions_of
from dashboard.kit.lists.columns import Column, number, whole_text
from dashboard.kit.lists.pick import pick_rows
from dashboard.locale import _, ngettext
from dashboard.screens.people.people_desk import PersonRow
from dashboard.words import formats, labels

TABLE = "people"


def people_table(people: Sequence[PersonRow], tiers: Mapping[str, str], made: Made) -> PersonRow | None:
    """Everybody, by address; returns the one that was picked."""
    columns: list[Column[PersonRow]] = [
        Column("address", _("Person"), lambda one: one.address, whole_text),
        Column("role", _("Role"), lambda one: role_word(one.role)),
        Column("stores", _("Roles in stores"), lambda one: stores_told(one.stores, tiers), whole_text),
        Column("limit", _("Approval from"), lambda one: limit_told(one) if may_refund(one.role, made) else ""),
        Column("seen_at", _("Last seen (KST)"), lambda one: formats.time(one.seen_at)),
        Column("sessions", _("Sessions"), lambda one: one.sessions or None, number),
        Column("tokens", _("Tokens"), lambda one: one.tokens or None, number),
        Column("user", _("User at the command line"), lambda one: one.user),
        Column("by", _("Set by"), lambda one: one.decided_by or "JANGBU_ROLES", whole_text),
    ]
    picked = pick_rows(Page(tuple(people)), columns, alt=_("People with a role"), key=TABLE)
    return picked[0] if picked else None


def removed_list(removed: Sequence[PersonRow]) -> None:
    """Whom an administrator took the role from: no setting gives it back."""
    if not removed:
        return
    words = ngettext("{n} person without access any more", "{n} people without access any more", len(removed))
    with st.expander(words.format(n=f"{len(removed):,}"), icon=":material/person_off:"):
        for one in removed:
            told = _("{address}, taken away by {who}").format(address=one.address, who=one.decided_by)
            st.text(formats.shown(told))
        st.caption(_("JANGBU_ROLES does not bring them back. To give one a role again, add them."))


def no_sign_in() -> None:
    """What to do where there is nobody to manage."""
    st.info(
        _("Whoever opens Jangbu here may do everything but approve. Once sign-in is configured, each person has a "
          "role, and it is given here."),
        title=_("Nobody has to sign in"),
        icon=":material/person:",
    )  # fmt: skip


def limit_told(one: PersonRow) -> str:
    """From which amount on a second person approves what somebody refunds."""
    return _("never") if one.limit is None else formats.money(one.limit, "KRW")


def may_refund(role: str | None, made: Made) -> bool:
    """Whether a limit means something for a role."""
    return role is not None and Permission.REFUND in permissions_of(role, made)


def role_word(role: str | None) -> str:
    """A role by name, or that there is none."""
    return labels.role(role) if role else _("No access")


def stores_told(stores: Mapping[str, str], tiers: Mapping[str, str]) -> str:
    """Other roles in stores, each after the store's name."""
    return ", ".join(f"{tiers.get(tier, tier)}: {labels.role(role)}" for tier, role in sorted(stores.items()))
