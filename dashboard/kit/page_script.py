"""The one script of ours that runs in every page: its keys, and what only the browser can keep or tell.

`/` goes to the search box of the screen, or to the search of everything from a screen that has none; in that search
Enter and the arrows lead from the box to what was found, and along it. Streamlit binds keys to buttons only. A
language that was picked is kept in a cookie. What a person does once is one entry of the browser's history. A page
says when it is printed whether it is a dark one, how wide it is, and how small it has to be to stand on A4: CSS
cannot ask that. A page that Streamlit lost is loaded anew.
"""

import streamlit as st

from dashboard.kit import session
from dashboard.locale import PICKED, language_of

_YEAR = 366 * 24 * 3600
# An answer of the page before that comes late is drawn onto the next one now and then; Streamlit then takes all of it
# away, this script with it, and leaves a white page: what listens for that has to outlive the script. A link that was
# clicked just then is where its reader wants to be.
# On its way to another page Streamlit tells the parameters first and the page then, and a list says its filter once it
# was drawn: entries that nobody made, on which Back would lead to a list without its filter, or nowhere.
# Streamlit's dialog takes the focus itself, at a moment of its own: the box in it holds it until it is used.
_SCRIPT = """
export default function ({ data }) {
  document.cookie = data.cookie;
  if (!window.jangbuReloads) {
    window.jangbuReloads = true;
    let picked = null;
    window.addEventListener('click', ({ target, ctrlKey, metaKey }) => {
      const link = target.closest?.('a[href]');
      picked = link?.origin === location.origin && !link.target && !ctrlKey && !metaKey ? link : null;
    }, true);
    window.addEventListener('popstate', () => { picked = null; });
    window.addEventListener('error', ({ message }) => {
      const last = Number(sessionStorage.getItem('jangbu.reloaded') ?? 0);
      if (!/delta path/i.test(message) || Date.now() - last < 10_000) return;
      sessionStorage.setItem('jangbu.reloaded', String(Date.now()));
      const left = picked && picked.pathname !== location.pathname;
      location.assign(left ? picked.href : location.href);
    });
  }
  if (!window.jangbuEntries) {
    window.jangbuEntries = true;
    let acted = false;
    ['pointerdown', 'click', 'keydown'].forEach((act) => window.addEventListener(act, () => { acted = true; }, true));
    const push = history.pushState.bind(history);
    history.pushState = (...entry) => {
      if (acted) push(...entry); else history.replaceState(...entry);
      acted = false;
    };
  }
  const focus = (where) => {
    const found = document.querySelector(`${where} input[type="search"]`);
    if (found) { found.focus(); found.select(); }
    return !!found;
  };
  const whenOpen = () => {
    const box = () => document.querySelector('[role="dialog"] input[type="search"]');
    const hold = () => { if (box() && document.activeElement !== box()) focus('[role="dialog"]'); };
    const watch = new MutationObserver(hold);
    const letGo = () => {
      if (!box()) return;
      watch.disconnect();
      document.removeEventListener('focusin', hold);
      ['keydown', 'pointerdown'].forEach((used) => document.removeEventListener(used, letGo, true));
    };
    watch.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('focusin', hold);
    ['keydown', 'pointerdown'].forEach((used) => document.addEventListener(used, letGo, true));
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


_run = st.components.v2.component("jangbu.page_script", js=_SCRIPT)


def page_script() -> None:
    """Draws nothing; listens as long as the screen is open."""
    language = session.LANGUAGE.get()
    kept = f"{language}; max-age={_YEAR}" if language != language_of(st.context.locale) else "; max-age=0"
    _run(key="page_script", data={"cookie": f"{PICKED}={kept}; path=/; samesite=lax"})
