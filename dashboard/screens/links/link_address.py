"""A link's address: to copy, as a QR code, and with words to the buyer that are ready to be sent."""

import html

import segno
import streamlit as st
from services.tables.checkouts import Checkout

from dashboard.locale import LANGUAGES, _, current_language
from dashboard.words import formats
from dashboard.words.links import link_message
from dashboard.words.links.link_message import Length

_QR, _WIDE = 168, 560
"""Pixels; beside the address there is no room for the code on a phone."""


def address_box(link: Checkout, address: str, shop: str, *, buyers: bool) -> None:
    """The address, its code, and below them the words to the buyer; the words for those who may see buyers."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="top"):
            with st.container(width=_WIDE):
                st.caption(_("Address of the link"))
                st.code(address, language=None, wrap_lines=True)
                st.caption(_("Whoever has it can pay: send it to the buyer alone."))
            # Cameras want dark squares on a light ground, whatever the screen's colours are.
            code = segno.make(address, error="m").svg_data_uri(scale=4, border=3, dark="#000", light="#fff")
            words = html.escape(_("QR code of the address"))
            st.html(f'<img src="{code}" alt="{words}" width="{_QR}" height="{_QR}">', width="content")
        if buyers:
            _words(link, address, shop)


def _words(link: Checkout, address: str, shop: str) -> None:
    st.markdown(f":material/forum: **{formats.escape(_('Words to the buyer'))}**")
    texts, own = link_message.texts_of(link, address, shop), current_language()
    languages = sorted(LANGUAGES, key=lambda language: language != own)
    for tab, language in zip(st.tabs([LANGUAGES[one] for one in languages]), languages, strict=True):
        with tab:
            st.code(formats.shown(texts[language]), language=None, wrap_lines=True)
            st.caption(formats.escape(_length_words(link_message.length_of(texts[language]))))


def _length_words(length: Length) -> str:
    words = _("{n} bytes: {kind}").format(n=f"{length.bytes:,}", kind=length.kind or _("too long for a text message"))
    if not length.unsendable:
        return words
    strange = _("no text message has these signs: {signs}").format(signs=length.unsendable)
    return formats.line(words, strange)
