"""A merchant's own list of billing keys: brought as a CSV, looked at line by line, noted once."""

from collections.abc import Callable

import pandas as pd
import streamlit as st
from services.errors import InvalidRequest
from services.mirror.key_files import COLUMN, KeyFile

from dashboard.locale import _, ngettext, sentence
from dashboard.words import formats

_NOTED = "billing_keys.noted"


def key_file_box(read: Callable[[bytes], KeyFile | InvalidRequest], note: Callable[[KeyFile], int]) -> None:
    """Takes a file and says what each bad line lacks; `note` keeps the good ones and returns how many are new."""
    box = st.popover(_("Bring a list"), icon=":material/upload_file:", on_change="rerun", key="bring_keys")
    if not box.open:
        st.session_state.pop(_NOTED, None)
        return
    with box:
        st.caption(_("The gateway lists no billing keys. A CSV with a column customer_uid adds those that never paid."))
        brought = st.file_uploader(_("A CSV file of billing keys"), type="csv", key="key_file")
        if brought is None:
            return
        file = read(brought.getvalue())
        if isinstance(file, InvalidRequest):
            st.error(formats.told(file), icon=":material/error:")
        elif st.session_state.get(_NOTED, ("",))[0] == brought.file_id:
            _noted(st.session_state[_NOTED][1])
        elif _look(file):
            st.session_state[_NOTED] = (brought.file_id, note(file))
            st.rerun()


def _look(file: KeyFile) -> bool:
    """What would be noted, and what is wrong with the other lines; whether the person wants it."""
    good = len(file.customer_uids)
    words = ngettext("{good} of {n} line can be taken", "{good} of {n} lines can be taken", len(file.lines))
    st.markdown(f"**{words.format(good=f'{good:,}', n=f'{len(file.lines):,}')}**")
    if file.bad:
        data = {
            _("Line"): [line.number for line in file.bad],
            COLUMN: [line.customer_uid for line in file.bad],
            _("What is wrong"): [sentence(line.problem) for line in file.bad if line.problem],
        }
        st.dataframe(pd.DataFrame(formats.cells(data)), hide_index=True, placeholder="", alt=_("What is wrong"))
    return st.button(_("Take them"), type="primary", icon=":material/check:", key="take_keys", disabled=not good)


def _noted(new: int) -> None:
    words = ngettext("{n} key is new.", "{n} keys are new.", new).format(n=f"{new:,}")
    st.success(
        words + " " + _("The next reading looks them up, within about a minute."), icon=":material/check_circle:"
    )
