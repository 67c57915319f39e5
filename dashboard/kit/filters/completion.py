"""While somebody types into a list's search box: its filters' names and values, as the browser's own suggestions.

Streamlit's boxes complete a whole value at most, this one the word that is being typed.
"""

from collections.abc import Sequence

import streamlit as st

# No value goes out. The browser shows a datalist by itself, with keys and for screen readers.
_SCRIPT = """
export default function ({ data }) {
  const list = document.createElement('datalist');
  list.id = 'jangbu-completion';
  document.body.append(list);
  const onTyped = ({ target }) => {
    if (!target.matches?.('[data-testid="stMain"] .st-key-filter_bar input[type="search"]')) return;
    target.setAttribute('list', list.id);
    const [, head, word] = target.value.match(/^(.*?)((?:[^\\s"]|"[^"]*"?)*)$/);
    const bare = (one) => one.replaceAll('"', '').toLowerCase();
    const offered = word.includes(':') ? data.parts : data.names;
    list.replaceChildren(...offered.filter((one) => bare(one).startsWith(bare(word))).map((one) => {
      const option = document.createElement('option');
      option.value = head + one;
      return option;
    }));
  };
  document.addEventListener('input', onTyped);
  document.addEventListener('focusin', onTyped);
  onTyped({ target: document.activeElement });
  return () => {
    document.removeEventListener('input', onTyped);
    document.removeEventListener('focusin', onTyped);
    list.remove();
  };
}
"""

_complete = st.components.v2.component("jangbu.completion", js=_SCRIPT)


def complete(names: Sequence[str], parts: Sequence[str]) -> None:
    """Draws nothing; `names` as `status:`, `parts` as `status:paid`."""
    _complete(key="completion", data={"names": list(names), "parts": list(parts)})
