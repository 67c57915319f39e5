"""The `/` key: to the search box of the screen, or to the search of everything from a screen that has none.

In that search Enter and the arrows lead from the box to what was found, and along it. Streamlit binds keys to buttons
only; this is its own way to run a script of ours in the page. It also says, when a page is printed, whether it is a
dark one and how wide it is, and how small it has to be to stand on A4: CSS cannot ask that.
"""

import streamlit as st

# No value goes in or out. Streamlit's dialog takes the focus itself: the box in it gets it a moment later.
_SCRIPT = """
export default function () {
  const focus = (where) => {
    const found = document.querySelector(`${where} input[type="search"]`);
    if (found) { found.focus(); found.select(); }
    return !!found;
  };
  const whenOpen = () => {
    const watch = new MutationObserver(() => { if (focus('[role="dialog"]')) watch.disconnect(); });
    watch.observe(document.body, { childList: true, subtree: true });
    setTimeout(() => watch.disconnect(), 5000);
  };
  const along = (event) => {
    const search = '[role="dialog"]:has(input[type="search"])';
    const box = `${search} input[type="search"]`, hits = `${search} :is(.stPageLink a, .stButton button)`;
    const at = event.target.closest?.(`${box}, ${hits}`);
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: at?.matches(box) ? 1 : 0 }[event.key];
    if (!at || !step || event.isComposing) return;
    const all = [...document.querySelectorAll(`${box}, ${hits}`)];
    event.preventDefault();
    all[all.indexOf(at) + step]?.focus();
  };
  const onClick = (event) => { if (event.target.closest?.('.st-key-palette')) whenOpen(); };
  const onKey = (event) => {
    along(event);
    if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) whenOpen();
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest && event.target.closest('input, textarea, [contenteditable="true"]')) return;
    event.preventDefault();
    if (!focus('[data-testid="stMain"]')) document.querySelector('.st-key-palette button')?.click();
  };
  const root = document.documentElement;
  const onPrint = () => {
    root.dataset.paper = getComputedStyle(document.querySelector('.stApp')).colorScheme;
    const wide = document.querySelector('.stMainBlockContainer > .stVerticalBlock').clientWidth;
    root.style.setProperty('--wide', `${wide}px`);
    root.style.setProperty('--fits', Math.min(1, 715 / wide));
  };
  document.addEventListener('keydown', onKey);
  document.addEventListener('click', onClick);
  const onPrinted = () => ['--wide', '--fits'].forEach((name) => root.style.removeProperty(name));
  window.addEventListener('beforeprint', onPrint);
  window.addEventListener('afterprint', onPrinted);
  root.dataset.keys = 'listening';
  return () => {
    document.removeEventListener('keydown', onKey);
    document.removeEventListener('click', onClick);
    window.removeEventListener('beforeprint', onPrint);
    window.removeEventListener('afterprint', onPrinted);
    delete root.dataset.keys;
  };
}
"""


_listen = st.components.v2.component("jangbu.search_key", js=_SCRIPT)


def search_key() -> None:
    """Draws nothing; listens as long as the screen is open."""
    _listen(key="search_key")
