"""The `/` key: to the search box of the screen, or to that of the payments from a screen that has none.

Streamlit binds keys to buttons only; this is its own way to run a script of ours in the page.
"""

import streamlit as st

# No value goes in or out. The box may come a moment later, with the page that holds it.
_SCRIPT = """
export default function () {
  const box = () => document.querySelector('[data-testid="stMain"] input[type="search"]');
  const focus = () => { const found = box(); if (found) { found.focus(); found.select(); } return !!found; };
  const onKey = (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest && event.target.closest('input, textarea, [contenteditable="true"]')) return;
    event.preventDefault();
    if (focus()) return;
    const link = document.querySelector('[data-testid="stSidebarNav"] a[href$="/payments"]');
    if (!link) return;
    const watch = new MutationObserver(() => { if (focus()) watch.disconnect(); });
    watch.observe(document.body, { childList: true, subtree: true });
    setTimeout(() => watch.disconnect(), 5000);
    link.click();
  };
  const root = document.documentElement;
  document.addEventListener('keydown', onKey);
  root.dataset.keys = 'listening';
  return () => { document.removeEventListener('keydown', onKey); delete root.dataset.keys; };
}
"""


_listen = st.components.v2.component("jangbu.search_key", js=_SCRIPT)


def search_key() -> None:
    """Draws nothing; listens as long as the screen is open."""
    _listen(key="search_key")
