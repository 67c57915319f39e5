"""What is drawn of a buyer's request: the search, the rows with what becomes of each, the copy, the last question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from services.privacy.rows import Held

from dashboard.kit.fields import Fields
from dashboard.locale import _, ngettext
from dashboard.words import formats, labels
from dashboard.words.names import held_rows

_NAMES = ("buyer_name", "customer_name")
_TYPES = {"csv": "text/csv", "json": "application/json"}


@dataclass(frozen=True, slots=True)
class Wish:
    """Which button was pressed below the rows, and the reason that stood there."""

    reason: str
    copy: bool
    erase: bool


def search(fields: Fields) -> str | None:
    """What was typed, where it is to be looked for."""
    with st.form(fields.key("search"), border=False):
        label = _("Whole phone, e-mail address or customer_uid")
        text = fields.text("buyer", label, required=True, max_chars=100, persist_state="page", autocomplete="off")
        st.caption(_("Nobody is found by a name or by a part of a number: a request is about one person."))
        pressed = st.form_submit_button(_("Find"), type="primary", icon=":material/search:", key="find_buyer")
    return text if pressed else None


def rows_table(theirs: Sequence[Held], others: Sequence[Held]) -> None:
    """Every row, with what it holds and what becomes of it; below them those of others who have the same key."""
    rows = [*theirs, *others]
    goes = sum(row.can_go for row in rows)
    stays = sum(row.stays is not None for row in rows)
    words = ngettext("{n} row", "{n} rows", len(rows)).format(n=f"{len(rows):,}")
    words += " · " + _("{goes} can be erased, {stays} stay").format(goes=f"{goes:,}", stays=f"{stays:,}")
    st.markdown(f"**{words}**")
    data = {
        _("Row"): [held_rows.kind(row.kind) for row in rows],
        _("When erased"): [held_rows.what_becomes(row) for row in rows],
        _("Buyer"): [next((str(row.fields[name]) for name in _NAMES if row.fields.get(name)), "") for row in rows],
        _("Holds"): [", ".join(dict.fromkeys(map(_held, row.personal))) or formats.NOTHING for row in rows],
        _("Time (KST)"): [formats.time(row.at) for row in rows],
        "ID": [row.uid for row in rows],
    }
    st.dataframe(pd.DataFrame(formats.cells(data)), hide_index=True, alt=_("What is kept of this buyer"))


def wishes(fields: Fields, rows: Sequence[Held]) -> Wish:
    """Why, and what is to be done."""
    with st.form(fields.key("wishes"), border=False, enter_to_submit=False):
        reason = fields.text(
            "reason", _("Reason of the request"), required=True, max_chars=200, persist_state="page", autocomplete="off"
        )
        st.caption(_("Kept for good with your name, the time and the rows' ids: write the request's number, no name."))
        with st.container(horizontal=True, horizontal_alignment="right"):
            erase = st.form_submit_button(
                _("Erase …"),
                icon=":material/delete_forever:",
                key="erase_buyer",
                disabled=not any(row.can_go for row in rows),
            )
            copy = st.form_submit_button(
                _("Make a copy"), type="primary", icon=":material/file_copy:", key="copy_buyer"
            )
    return Wish(reason, copy, erase)


def downloads(files: Mapping[str, bytes]) -> None:
    """The copy, in both formats."""
    st.success(_("It is written down that you made this copy."), icon=":material/check_circle:")
    with st.container(horizontal=True):
        for kind, content in files.items():
            st.download_button(
                kind.upper(),
                content,
                f"jangbu-buyer.{kind}",
                _TYPES[kind],
                icon=":material/download:",
                on_click="ignore",
                key=f"buyer_{kind}",
            )


def last_question(rows: Sequence[Held]) -> bool | None:
    """Whether to erase it for good; None until the person says."""
    goes = sum(row.can_go for row in rows)
    words = ngettext("{n} row is made anonymous for good.", "{n} rows are made anonymous for good.", goes)
    words = words.format(n=f"{goes:,}") + " " + _("Sums, states and ids stay. Backups hold it until they are deleted.")
    st.warning(words, icon=":material/warning:")
    with st.container(horizontal=True, horizontal_alignment="right"):
        back = st.button(_("Back"), key="keep_buyer")
        sure = st.button(_("Erase for good"), type="primary", icon=":material/delete_forever:", key="erase_for_good")
    return True if sure else False if back else None


def erased(count: int) -> None:
    """How much went."""
    words = ngettext("Erased in {n} row.", "Erased in {n} rows.", count).format(n=f"{count:,}")
    st.success(
        words + " " + _("What stays is made anonymous by itself when its term is over."), icon=":material/check_circle:"
    )


def nobody() -> None:
    """Nothing is kept."""
    st.info(_("Nothing is kept of this buyer."), icon=":material/person_off:")


def law(years: int) -> None:
    """What is kept how long, and why."""
    words = _(
        "Payments and refunds keep their buyer for {years} years, what was said with them for three (Act on Electronic "
        "Commerce, Decree 6): nobody can ask for that to be erased before. Answer a request within ten days, also "
        "what stays and why (Personal Information Protection Act 35, 36)."
    )
    st.caption(words.format(years=years))


def _held(name: str) -> str:
    words = {
        "cancel_history": _("Reason of a refund"),
        "customer_name": labels.field("buyer_name"),
        "customer_tel": labels.field("buyer_tel"),
        "customer_email": labels.field("buyer_email"),
        "customer_addr": labels.field("buyer_addr"),
        "customer_postcode": labels.field("buyer_postcode"),
        "memo": _("Memo"),
        "raw": _("The gateway's answer"),
        "request": _("What was asked for"),
        "text": _("Text"),
        "extra": _("Other fields"),
    }
    return words.get(name) or labels.field(name)
