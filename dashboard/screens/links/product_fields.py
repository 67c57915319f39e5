"""What Naver Pay is told of what is sold: each product of a new link, or the one that a registration is for."""

from collections.abc import Iterator
from datetime import date

import streamlit as st
from services.checkout.offers import MOST_PRODUCTS, Product
from services.checkout.parameters.products import CATEGORIES

from dashboard.kit.fields import Fields
from dashboard.locale import _

_MOST_COUNT = 999_999
_BETWEEN = " / "


def how_many(fields: Fields) -> int:
    """The number of products; it stands outside the form, which it draws anew."""
    return fields.number("products", _("How many products"), 1, most=MOST_PRODUCTS)


def product_fields(fields: Fields, many: int, *, registers: bool) -> tuple[Product, ...]:
    """The fields of each; the first one is named by what the link is for."""
    st.caption(_("What Naver Pay is told of the product") if many == 1 else _("What Naver Pay is told of the products"))
    if registers:
        return (Product(_uid(fields, "product", "LINK"), count=_count(fields, "count")),)
    return tuple(_products(fields, many))


def _products(fields: Fields, many: int) -> Iterator[Product]:
    for number in range(many):
        end = f".{number}" if number else ""
        with st.container(border=many > 1):
            name = ""
            if not number and many > 1:
                st.caption(_("Product 1 is named as the link is."))
            if number:
                words = _("Product {n}: its name").format(n=number + 1)
                name = fields.text(f"name{end}", words, required=True)
            uid = _uid(fields, f"product{end}", f"LINK-{number + 1}" if number else "LINK")
            count = _count(fields, f"count{end}")
            category = _category(fields, f"category{end}")
            begins, ends, referrer = _seldom(fields, end)
            yield Product(uid, name, count, category, begins, ends, referrer)


def _uid(fields: Fields, name: str, first: str) -> str:
    hint = _("The shop's own number; of a registration one that stays the same, or a buyer can register twice.")
    return fields.text(name, _("Product number"), required=True, value=first, help=hint)


def _count(fields: Fields, name: str) -> int:
    return fields.number(name, _("Quantity"), 1, most=_MOST_COUNT)


def _category(fields: Fields, name: str) -> tuple[str, str]:
    known = {pair: pair for pair in map(_BETWEEN.join, CATEGORIES)}
    hint = _("As Naver Pay calls it: categoryType / categoryId. Others can be typed.")
    chosen = fields.pick(name, _("Category"), known, accept_new_options=True, help=hint, width=320)
    kind, _sign, number = (chosen or "").partition(_BETWEEN.strip())
    return kind.strip(), number.strip()


def _seldom(fields: Fields, end: str) -> tuple[str, str, str]:
    """What few products need: from when to when it is used, and where the buyer came from."""
    with st.expander(_("Tickets, stays and adverts: days of use, where the buyer came from")):
        with st.container(horizontal=True):
            begins = fields.day(f"startDate{end}", _("Used from"))
            ends = fields.day(f"endDate{end}", _("Used until"))
        hint = _("payReferrer, as Naver Pay names its own places; empty where it has named none.")
        referrer = fields.text(f"payReferrer{end}", _("Came from"), help=hint)
    return as_v1(begins), as_v1(ends), referrer


def as_v1(day: date | None) -> str:
    """A day as V1 has it, yyyyMMdd; empty without one."""
    return day.strftime("%Y%m%d") if day else ""
