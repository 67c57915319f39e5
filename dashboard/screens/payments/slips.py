"""Slips of payments and refunds: a link only where it leads to a PG's own page of slips."""

import re
from urllib.parse import urlsplit

import streamlit as st

_HOSTS = (
    "inicis.com", "kcp.co.kr", "nicepay.co.kr", "danalpay.com", "tosspayments.com", "toss.im", "pgweb.dacom.net",
    "pgweb.uplus.co.kr", "kakaopay.com", "pg-web.kakao.com", "mockup-pg-web.kakao.com", "payco.com", "pay.naver.com",
    "settlebank.co.kr", "easypay.co.kr", "kicc.co.kr", "mobilians.co.kr", "smartropay.co.kr", "smilepay.co.kr",
    "ksnet.co.kr", "paywelcome.co.kr", "billgate.net", "eximbay.com", "paypal.com", "iamport.kr", "portone.io",
    "receipts.example.com",
)  # fmt: skip
"""Where the PGs that i'mport offers show their slips, as known on 2026-11-28; the last one is the sandbox's."""


def is_slip(address: str) -> bool:
    """Whether an address is of a known PG and nothing else: https, no user, no port."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    # Nothing but the host stands before the path: no user, no port, no sign that a browser reads otherwise.
    plain = address.isascii() and address.isprintable() and re.fullmatch(r"[a-z0-9.-]+", parts.netloc.lower())
    return parts.scheme == "https" and bool(plain) and any(host == one or host.endswith("." + one) for one in _HOSTS)


def slip_link(address: str | None, label: str) -> None:
    """A button that opens the slip; an address of somebody else's is text."""
    if address and is_slip(address):
        st.link_button(label, address, icon=":material/receipt:")
    elif address:
        st.caption(label)
        st.code(address, language=None, wrap_lines=True)
