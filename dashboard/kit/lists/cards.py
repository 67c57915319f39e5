"""A list on a phone: a card of two lines, three at most, for each row: nothing is moved sideways to be read."""

import re
from collections.abc import Sequence
from typing import Any, TypedDict

import streamlit as st
from services.store.lists.keyset import Row

from dashboard.kit.lists.columns import ADDED, Column, MoneyColumn
from dashboard.words import formats

# A table of Streamlit's has no row of two lines, and a link of its own would load the app anew.
_SCRIPT = """
export default function ({ parentElement, data, setStateValue }) {
  const list = parentElement.querySelector('ul'), told = JSON.stringify(data);
  if (list.dataset.told === told) return;
  list.dataset.told = told;
  list.setAttribute('aria-label', data.alt);
  const chosen = new Set(data.chosen);
  const select = (cells) => setStateValue('selection', { rows: [...chosen].sort((a, b) => a - b), columns: [], cells });
  const made = (tag, name, text) => Object.assign(document.createElement(tag), { className: name, textContent: text });
  const line = (...parts) => { const one = made('span', 'line', ''); one.append(...parts); return one; };
  list.replaceChildren(...data.cards.map((card, at) => {
    const marks = card.badges.map(([words, color]) => {
      const badge = made('span', 'badge', words);
      badge.style.color = `var(--st-${color}-text-color)`;
      badge.style.background = `var(--st-${color}-background-color)`;
      return badge;
    });
    const body = made(data.many ? 'label' : 'button', 'card', '');
    const lines = made('span', 'lines', '');
    const moved = made('span', 'moved', card.moved);
    if (/^[-−]/.test(card.moved)) moved.style.color = 'var(--st-red-text-color)';
    lines.append(
      line(made('span', 'who', card.who), ...marks, made('b', 'amount', card.amount)),
      line(made('span', 'rest', card.rest), moved));
    if (data.many) {
      const box = Object.assign(made('input', '', ''), { type: 'checkbox', checked: chosen.has(at) });
      box.onchange = () => { chosen[box.checked ? 'add' : 'delete'](at); select([]); };
      body.append(box);
    } else body.onclick = () => select([[at, '']]);
    body.append(lines);
    const item = document.createElement('li');
    item.append(body);
    return item;
  }));
}
"""
_STYLE = """
.list-cards {
  list-style: none; margin: 0; padding: 0; border-top: 1px solid var(--st-border-color);
  li { border-bottom: 1px solid var(--st-border-color); }
  .card { display: flex; gap: .75rem; align-items: center; width: 100%; box-sizing: border-box; padding: .55rem .25rem;
    border: 0; background: none; color: var(--st-text-color); font: inherit; text-align: start; cursor: pointer; }
  .card:active { background: var(--st-secondary-background-color); }
  .card:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: -2px; }
  .card input { width: 1.25rem; height: 1.25rem; flex: none; accent-color: var(--st-primary-color); }
  .lines { flex: 1; min-width: 0; }
  .line { display: flex; gap: .5rem; align-items: baseline; line-height: 1.55; }
  .who { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .rest { flex: 1; overflow: hidden; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2;
    font-size: .875em; opacity: .75; word-break: keep-all; overflow-wrap: anywhere; }
  .badge { flex: none; padding: 0 .4em; border-radius: .3em; font-size: .8em; }
  .amount { flex: 1 0 auto; text-align: end; font-variant-numeric: tabular-nums; }
  .moved { flex: none; font-size: .875em; font-variant-numeric: tabular-nums; }
}
"""
_TIME = re.compile(r"(\d{4}-)?\d\d-\d\d \d\d:\d\d")
"""A time says nothing without its name, but for the first of a list."""
# Not apart from the page's own style, which draws what is below once it sees a card.
_cards = st.components.v2.component(
    "jangbu.cards", html='<ul class="list-cards"></ul>', css=_STYLE, js=_SCRIPT, isolate_styles=False
)


class Card(TypedDict):
    """Who and how much in the first line, the badges between them; what else there is in the second."""

    who: str
    amount: str
    rest: str
    badges: Sequence[tuple[str, str]]
    moved: str
    """What the amount moved by, in red where it fell."""


def on_phone() -> bool:
    """Whether the browser says that it is one of a phone: the script knows no window's width."""
    return "Mobi" in st.context.headers.get("User-Agent", "")


def draw_cards(rows: Sequence[Row], columns: Sequence[Column[Row]], *, alt: str, key: str, many: bool) -> Any:
    """The rows as cards; returns and keeps under `key` what was touched, as st.dataframe tells of a selection."""
    return card_list([_card(row, columns) for row in rows], alt=alt, key=key, many=many)


def card_list(cards: Sequence[Card], *, alt: str, key: str, many: bool = False) -> Any:
    """Such cards, whatever they tell of; returns what draw_cards does."""
    kept = st.session_state.get(key, {}).get("selection", {})
    data = {"alt": alt, "many": many, "chosen": kept.get("rows", []), "cards": cards}
    with st.container(key=f"cards_{key}"):
        picked = _cards(
            data=data, key=key, default={"selection": {"rows": [], "cells": []}}, on_selection_change=lambda: None
        )
    return {"selection": picked.selection}


def _card(row: Row, columns: Sequence[Column[Row]]) -> Card:
    """Who and how it stands, what else there is in the order of the columns; the first amount, and what it moved by."""
    who: list[str] = []
    found: list[str] = []
    rest: list[str] = []
    badges: list[tuple[str, str]] = []
    sums: list[MoneyColumn[Row]] = []
    for column in columns:
        cell = column.cell(row)
        if isinstance(column, MoneyColumn):
            sums.append(column)
        elif column.colors:
            badges += [(badge, column.colors.get(badge, "gray")) for badge in cell]
        elif isinstance(cell, str) and cell not in ("", formats.NOTHING):
            named = f"{column.heading} {cell}" if _TIME.fullmatch(cell) and column is not columns[0] else cell
            (who if column.name == "buyer_name" else found if column.name in ADDED else rest).append(
                formats.shown(named)
            )
    amount = next((_money(column, row) for column in sums), "")
    return Card(
        who=" · ".join(who or rest[:1]),
        amount=amount,
        rest=" · ".join([*found, *(rest if who else rest[1:])]),
        badges=badges,
        moved=next((_money(column, row) for column in sums if column.less or column.signed), ""),
    )


def _money(column: MoneyColumn[Row], row: Row) -> str:
    amount, currency = column.cell(row)
    if amount is None:
        return ""
    if column.less:
        return f"−{formats.money(amount, currency)}"
    return formats.signed_money(amount, currency) if column.signed else formats.money(amount, currency)
