"""Many links of one file: the template, what each row would make, the last look, and the files there are."""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import streamlit as st
from services.checkout.checkouts import Channel
from services.checkout.files.link_files import Made
from services.checkout.files.link_rows import COLUMNS, PHONE, LinkRow, LinkRun
from services.checkout.parameters.case import NAVERPAY
from services.exports.csv_text import ListFile, csv_text
from services.forbidden_numbers import hide_forbidden
from services.tables.checkouts import CheckoutFile, CheckoutKind

from dashboard.access import User
from dashboard.kit.export_reason import file_for_reason
from dashboard.kit.lists.money_cells import money_cells, money_column
from dashboard.locale import _, ngettext, sentence
from dashboard.words import formats, labels, operation_labels
from dashboard.words.links import link_labels
from dashboard.words.links.link_results import RESULT

_EXAMPLES = (
    ("CUSTOMER_UID_1", "", "", "홍길동", "010-0000-0000", "", "7", "", "", ""),
    ("", "3000", "추가 배송비", "홍길동", "010-0000-0000", "", "3", "1", "전화 주문", ""),
)
_TALL = 84
"""Pixels of a row that tells several mistakes."""


def template_button() -> None:
    """A file with the right first line and a row of each kind."""
    lines = csv_text([COLUMNS, *_EXAMPLES])
    name = "jangbu-links.csv"
    st.download_button(_("Template (CSV)"), lines, name, "text/csv", icon=":material/download:", on_click="ignore")
    registers = _("One row a link: with a customer_uid its buyer registers that billing key, else amount and name say "
                  "what is paid.")  # fmt: skip
    rest = _("buyer_tel is needed as a column; it and all others may stay empty where the PG does not ask for them.")
    st.caption(f"{registers} {rest}")


def channel_choice(channels: Sequence[Channel]) -> Channel:
    """The channel of all rows, Naver Pay's first."""
    by_key = {one.key: one for one in sorted(channels, key=lambda one: one.pg_provider != NAVERPAY)}
    chosen = st.selectbox(
        _("Channel"),
        list(by_key),
        format_func=lambda key: link_labels.channel(by_key[key]),
        key="links_channel",
        persist_state="session",
        width=400,
    )
    return by_key[chosen]


def dry_run_table(run: LinkRun) -> None:
    """Each row: what it would make, or all that stands in its way, by columns; what is wrong stands above."""
    words = ngettext("{good} of {n} row can become a link", "{good} of {n} rows can become links", len(run.rows))
    says = words.format(good=f"{len(run.offers):,}", n=f"{len(run.rows):,}")
    sums = formats.money(run.amount, "KRW") if run.amount else None
    st.markdown(" · ".join(filter(None, (f"**{formats.escape(says)}**", sums and formats.escape(sums)))))
    if run.made:
        before = ngettext("{n} row has its link already.", "{n} rows have their links already.", run.made)
        more = _("To make links of the same rows once more, change something in them, the memo for example.")
        st.caption(formats.escape(f"{before.format(n=f'{run.made:,}')} {more}"))
    if run.sums:
        words = ngettext(
            "Row {rows} only adds others up: left out.", "Rows {rows} only add others up: left out.", len(run.sums)
        )
        st.caption(words.format(rows=", ".join(map(str, run.sums))))
    if wrong := [row for row in run.rows if row.problems]:
        several = any(len(row.problems) > 1 for row in wrong)
        _rows_table(wrong, _("Rows that are wrong"), right=False, row_height=_TALL if several else None)
    if right := [row for row in run.rows if not row.problems]:
        _rows_table(right, _("What each row would do"), right=True)


def _rows_table(rows: Sequence[LinkRow], title: str, *, right: bool, row_height: int | None = None) -> None:
    # Where a row is wrong it is shown as it was typed.
    money = [(_asked(row), "KRW") for row in rows] if right else None
    data = {
        _("Row"): [row.number for row in rows],
        _("What it would do"): [_would(row) for row in rows],
        "customer_uid": [row.cells["customer_uid"] for row in rows],
        _("Amount"): money_cells(money) if money else [_cell(row, "amount") for row in rows],
        labels.field("name"): [_cell(row, "name") for row in rows],
        labels.field("buyer_name"): [_cell(row, "buyer_name") for row in rows],
        labels.field("buyer_tel"): [_cell(row, PHONE) for row in rows],
        _("Days"): [row.days if row.offer else row.cells["days"] for row in rows],
    }
    config = {_("Amount"): money_column(None, money)} if money else {}
    frame = pd.DataFrame(formats.cells(data))
    st.dataframe(frame, hide_index=True, column_config=config, placeholder="", alt=title, row_height=row_height)


def make_button(run: LinkRun, channel: Channel) -> bool:
    """The last look, and whether the person wants them; rows that cannot be made are left out where that is said."""
    if not (n := len(run.offers)):
        st.info(_("There is nothing in it to make."), icon=":material/info:")
        return False
    leaves = not run.faulty or st.checkbox(_("Leave out the rows that are wrong"), key="links_fitting")
    if not leaves:
        st.caption(_("Mend the rows that are wrong and bring the file again, or leave them out."))
    registering = sum(one.kind == CheckoutKind.REGISTRATION for one in run.offers.values())
    words = _("{paid} to be paid, {registered} for a billing key, by {channel}. Nothing is sent to anybody: the file "
              "that comes back has the addresses and words to the buyers.")  # fmt: skip
    says = words.format(
        paid=f"{n - registering:,}", registered=f"{registering:,}", channel=link_labels.channel(channel)
    )
    st.markdown(formats.escape(says))
    label = ngettext("Make {n} link", "Make {n} links", n).format(n=f"{n:,}")
    return st.button(label, type="primary", icon=":material/add_link:", key="make_links", disabled=not leaves)


def progress_bar() -> Callable[[int, int], None]:
    """A bar that says how many rows are done."""
    bar = st.progress(0.0, _("Making links"))

    def step(done: int, of: int) -> None:
        bar.progress(done / of, _("{done} of {n} rows").format(done=f"{done:,}", n=f"{of:,}"))

    return step


def made_line(made: Made | None) -> None:
    """What became of the file that was brought last."""
    if made is None:
        return
    words = ngettext("{n} link was made.", "{n} links were made.", made.links).format(n=f"{made.links:,}")
    below = _("The file with their addresses stands below.")
    st.success(formats.escape(f"{words} {below}"), icon=":material/check:")
    if made.left_out:
        words = ngettext(
            "{n} row was left out: meanwhile somebody made a link for it.",
            "{n} rows were left out: meanwhile somebody made links for them.",
            made.left_out,
        )
        st.warning(words.format(n=f"{made.left_out:,}"), icon=":material/warning:")


def file_card(file: CheckoutFile, states: Mapping[str, int], result: Callable[[], ListFile] | None, user: User) -> None:
    """A file: what it is, who brought it, how its links stand, and the file that comes back for who may take it."""
    with st.container(border=True):
        made = sum(states.values())
        words = ngettext("{made} link of {n} row", "{made} links of {n} rows", made)
        says = words.format(made=f"{made:,}", n=f"{file.rows:,}")
        st.markdown(f"**{formats.escape(file.name)}** · {formats.escape(says)}")
        brought = _("Brought by {who} at {time} KST · file {n}")
        st.text(brought.format(who=operation_labels.person(file.made_by), time=formats.time(file.made_at), n=file.id))
        st.markdown(" · ".join(f"{link_labels.state.badge(state)} {n:,}" for state, n in sorted(states.items())))
        if result is None:
            return
        name, key = f"jangbu-links-{file.id}.csv", f"links_result_{file.id}"
        file_for_reason(_("Result (CSV)"), result, name, user, what="links", columns=RESULT, key=key)


def _would(row: LinkRow) -> str:
    if row.made is not None:
        return "✓ " + _("has link {link} already").format(link=row.made)
    if row.problems:
        return "✕ " + " ".join(f"{one.values['field']}: {sentence(one)}" for one in row.problems)
    registers = row.offer is not None and row.offer.kind == CheckoutKind.REGISTRATION
    return "✓ " + (_("would register this key") if registers else _("would ask for this amount"))


def _asked(row: LinkRow) -> int | None:
    """The amount; none of a registration that shows none."""
    return row.offer.request["amount"] or None if row.offer else None


def _cell(row: LinkRow, name: str) -> str:
    """As the link would have it; else as typed, without numbers that must not be kept."""
    return str(row.offer.request.get(name, "")) if row.offer else hide_forbidden(row.cells[name])
