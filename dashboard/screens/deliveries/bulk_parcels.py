"""Many escrow deliveries from a file: its template, the sender, and what each row would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from services.errors import InvalidRequest, JangbuError
from services.escrow.persons import LINES
from services.exports.csv_text import csv_text
from services.operations.files.parcels import COLUMNS, OPTIONAL, ParcelRow
from services.operations.files.run import Run

from dashboard.kit.fields import Fields, Typing
from dashboard.locale import _, ngettext, sentence
from dashboard.screens.asking.many_rows import rows_table
from dashboard.screens.deliveries.delivery_form import SENDER
from dashboard.words import labels
from dashboard.words.deliveries import delivery_labels

_EXAMPLE = ("imp_000000000000", "CJ대한통운", "688900112233", "2026-11-30 14:00", "", "")
_USUAL, _OTHERS = ("name", "tel", "postcode", "addr"), (*LINES, "relationship")


@dataclass(frozen=True, slots=True)
class ParcelsTyping(Typing):
    """What is brought and typed at this moment; `file` is its name and its bytes."""

    file: tuple[str, bytes] | None
    sender: Mapping[str, str]


def parcel_fields(fields: Fields, first: Mapping[str, str], problem: JangbuError | None) -> ParcelsTyping:
    """The file, the sender of all its parcels, and the button that looks at each row; `problem` stands by then."""
    lines = csv_text([(*COLUMNS, *OPTIONAL), _EXAMPLE])
    st.download_button(
        _("Template (CSV)"), lines, "jangbu-deliveries.csv", "text/csv", icon=":material/download:", on_click="ignore"
    )
    words = _("One row a parcel: imp_uid or order number, courier by name, tracking number. Where nothing says when it "
              "was sent, it is now. Each goes to its payment's buyer, who is read when it is sent: the file needs no "
              "addresses.")  # fmt: skip
    st.caption(words)
    with st.form(fields.key("form"), border=False):
        brought = st.file_uploader(_("A CSV file of parcels"), type="csv", key=fields.key("upload"))
        st.subheader(_("Sender"), anchor=False)
        sender = _sender(fields, _USUAL, first)
        wrong = {one.values.get("field") for one in _each(problem)}
        behind = any(f"{SENDER}{name}" in wrong for name in _OTHERS)
        with st.expander(_("What only some PGs want of the sender"), expanded=behind):
            sender |= _sender(fields, _OTHERS, first)
        with fields.place("file"):
            label, icon = _("Look at each row"), ":material/visibility:"
            done = st.form_submit_button(label, type="primary", icon=icon, key="look_at_rows")
    return ParcelsTyping(fields, done, (brought.name, brought.getvalue()) if brought else None, sender)


def dry_run_table(run: Run[ParcelRow]) -> None:
    """Each row: what it would do, or what stands in its way."""
    facts = {
        labels.field("imp_uid"): [row.payment.imp_uid if row.payment else row.named for row in run.rows],
        labels.field("merchant_uid"): [row.payment.merchant_uid if row.payment else None for row in run.rows],
        _("Courier"): [_courier(row) for row in run.rows],
        _("Tracking number"): [row.invoice for row in run.rows],
    }
    rows_table(run, facts, told=_all_told)


def of_sender(run: Run[ParcelRow]) -> InvalidRequest | None:
    """What the rows' PGs find wrong with the sender that all of them have, each mistake once."""
    found = [one for row in run.rows for one in _each(row.problem) if _is_of_sender(one)]
    once = {(one.values["field"], one.template): InvalidRequest(one.template, **one.values) for one in found}
    if not once:
        return None
    first, *first_also = once.values()
    first.also = first_also
    return first


def send_words(n: int) -> str:
    """What the button says."""
    return ngettext("Enter {n} delivery", "Enter {n} deliveries", n).format(n=f"{n:,}")


def _sender(fields: Fields, names: tuple[str, ...], first: Mapping[str, str]) -> dict[str, str]:
    found = {}
    with st.grid(2, min_column_width=240):
        for name in names:
            key = f"{SENDER}{name}"
            st.session_state.setdefault(fields.key(key), first.get(name, ""))
            found[name] = fields.text(key, delivery_labels.person_field(name))
    return found


def _courier(row: ParcelRow) -> str:
    return delivery_labels.courier(row.wanted.request["company"]) if row.wanted else row.company


def _each(problem: JangbuError | None) -> Sequence[InvalidRequest]:
    return (problem, *problem.also) if isinstance(problem, InvalidRequest) else ()


def _is_of_sender(problem: InvalidRequest) -> bool:
    return str(problem.values.get("field")).startswith(SENDER)


def _all_told(problem: JangbuError) -> str:
    """All mistakes of a row in a line; those of the sender stand beside its fields."""
    if not isinstance(problem, InvalidRequest):
        return sentence(problem)
    told = [_told(one) for one in _each(problem) if not _is_of_sender(one)]
    return " ".join(told if len(told) > len(problem.also) else [*told, _("The sender has to be mended above.")])


def _told(problem: InvalidRequest) -> str:
    """A mistake with the field that it is about, where its sentence does not name it."""
    side, _line, name = str(problem.values.get("field")).partition("_")
    words = sentence(problem)
    if side != "receiver":
        return words
    return f"{_('Receiver')}, {delivery_labels.person_field(name)}: {words}"
