"""What stands on every screen: language, who is signed in, and the strip that says how fresh it all is."""

import json
import time
from collections.abc import Callable

import streamlit as st
from services.store.lists.system import Freshness
from services.tables.people import Ending
from streamlit.delta_generator import DeltaGenerator

from dashboard.access import Permission, User
from dashboard.kit import session
from dashboard.kit.reader import resume
from dashboard.kit.watch import looks_again
from dashboard.locale import LANGUAGES, _, ngettext, retell, set_language
from dashboard.navigation import Place, link_to
from dashboard.process.access_log.note import on_screen
from dashboard.process.sessions import end_all
from dashboard.words import formats, labels

_SLOW_SECONDS = 300
_LOOK_EVERY = 20
_LOOK_OFTEN = 3
"""… while the first pass brings more every moment."""


def choose_language() -> None:
    """The browser's language, until the person picks another; kept for the session."""
    set_language(session.LANGUAGE.get())


def sidebar(user: User, *, with_auth: bool) -> None:
    """Language switch and the signed-in person, below the navigation."""
    with st.sidebar:
        st.segmented_control(
            _("Language"),
            list(LANGUAGES),
            required=True,
            format_func=LANGUAGES.__getitem__,
            key=session.LANGUAGE.name,
            label_visibility="collapsed",
            persist_state="session",
        )
        if with_auth:
            st.text(user.email)
            st.caption(labels.role(user.role))
            link_to(_("My sessions and tokens"), Place.SESSIONS)
            if st.button(
                _("Sign out"), icon=":material/logout:", help=_("Ends every session of yours, on all devices.")
            ):
                end_all(user.email, Ending.SIGNED_OUT, on_screen(user).origin)
                st.rerun()


def about() -> DeltaGenerator:
    """Holds what explains a page: on a phone it stands at the page's end, so that the rows begin high."""
    return st.container(key="about")


def page_style() -> None:
    """Says that the connection is lost, for as long as it is; takes from tables what knows a page only."""
    words = _css(_("The connection is lost · connecting again. What you see may be out of date."))
    file, instructions = "[data-testid=stFileUploaderDropzone]", "[data-testid=stFileUploaderDropzoneInstructions]"
    choose = _css(_("Choose a file"))
    largest = _css(_("CSV, at most {n} MB").format(n=st.get_option("server.maxUploadSize")))
    lost = ".stApp:not([data-test-connection-state=CONNECTED]):not([data-test-connection-state=INITIAL])"
    st.html(
        f"<style>{lost}::before {{ content: {words}; position: fixed; inset: 0 0 auto; "
        "z-index: 1000000; padding: .5rem 1rem; text-align: center; color: #fff; background: #b3261e; } "
        f"{lost} .stMain {{ filter: grayscale(1); opacity: .6; }} "
        # Streamlit's own dialog says the same in English, over the figures.
        f"body:has({lost}) [data-rac]:has([role=dialog]) {{ display: none; }} "
        # What draws nothing takes no room either.
        ":is(.st-key-completion, .st-key-page_script) { position: absolute; } "
        "[data-testid=stElementToolbarButton]:has(button[aria-label^=Search]) { display: none; } "
        # Of Hangul a figure is taller than of digits alone: tiles beside each other would differ.
        "[data-testid=stMetricValue] * { line-height: 2.2rem; } "
        # Streamlit's menu of a column would sort the rows shown of a list that has more.
        "[data-testid=stDataFrameColumnMenu] [role=menuitem]:is(:nth-child(2), :nth-child(3)) { display: none; } "
        # Streamlit speaks English about files alone.
        f"{file} :is(button p, {instructions} span) {{ font-size: 0; }} "
        f"{file} button p::after {{ content: {choose}; font-size: 12.25px; }} "
        f"{instructions} span::after {{ content: {largest}; font-size: 12.25px; }}"
        "</style>"
    )


def _css(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def put_back_banner(restored: bool) -> None:
    """On every screen, while the database is one that was put back and nothing may be sent."""
    if restored:
        st.error(
            _("Nothing is sent until the gateway was read whole and the journal completed from it. That happens by "
              "itself; the person who runs Jangbu can have it begin at once."),
            title=_("An older state of the database was put back"),
            icon=":material/settings_backup_restore:",
        )  # fmt: skip


def nothing_mirrored(fresh: Freshness) -> None:
    """What to do while the store is empty, or why it is where that is known: waiting mends no wrong key."""
    if fresh.last_error:
        why, next_step = retell(fresh.last_error), _("Jangbu goes on trying; the person who runs it can help.")
        st.error(
            f"{formats.escape(why)}\n\n{next_step}", title=_("The last reading failed"), icon=":material/cloud_off:"
        )
        return
    if fresh.filling:
        words = _("This screen opens by itself once it is done. What has come by now is among the payments.")
        st.info(words, title=_("The first pass is under way"), icon=":material/hourglass_top:")
        return
    st.info(
        _("The first payments come by themselves within minutes. If none do, ask the person who runs Jangbu."),
        title=_("Nothing is mirrored yet"),
        icon=":material/hourglass_empty:",
    )


def store_alarm(*, standing: bool) -> None:
    """On every screen: what is written would be lost, so nothing is sent."""
    if not standing:
        st.error(
            _(
                "The database file or its log was deleted or replaced while Jangbu was running: "
                "nothing is written or sent until it is started again on the right file."
            ),
            title=_("Nothing is saved"),
            icon=":material/database_off:",
        )


def strip(fresh: Freshness, read: Callable[[], Freshness], *, sandbox: bool) -> None:
    """One line: as of, lag, gateway, sandbox or live.

    It looks again by itself, and draws the whole page anew when the mirror has moved on.
    """
    every = _LOOK_OFTEN if fresh.filling else _LOOK_EVERY
    st.fragment(_strip, run_every=every)(fresh, read, sandbox, looks_again())


def rows_badge(*, shown: bool) -> None:
    """Whether what stands below holds test rows."""
    st.badge(_("Test rows shown") if shown else _("Test rows hidden"), color="gray")


def _strip(
    shown: Freshness,
    read: Callable[[], Freshness],
    sandbox: bool,
    again: Callable[[], bool],
) -> None:
    resume()
    fresh = read() if again() else shown
    if _state(fresh) != _state(shown):
        st.rerun()
    kind = (
        ":violet-badge[:material/science: {}]".format(_("Sandbox gateway"))
        if sandbox
        else ":gray-badge[:material/bolt: {}]".format(_("Live gateway"))
    )
    # Before its first run has ended nothing is as of a time, and yet there are payments.
    begun = [_filling(fresh, *fresh.filling.months)] if fresh.filling else []
    as_of = [_as_of(fresh, time.time())] if fresh.as_of or not begun else []
    parts = [*as_of, *begun, _gateway(fresh), kind]
    with st.container(horizontal=True, vertical_alignment="center", key="strip"):
        st.markdown(" ".join(parts), width="content")
        if fresh.waiting and session.USER.get().may(Permission.RESOLVE):
            words = ngettext("{n} operation needs a person", "{n} operations need a person", fresh.waiting)
            link_to(words.format(n=f"{fresh.waiting:,}"), Place.NEEDS_PERSON)
        if unread := _unread(fresh):
            if session.USER.get().may(Permission.SEE_SYSTEM):
                link_to(unread, Place.SYSTEM, icon=":material/report:")
            else:
                st.caption(unread, width="content")
    if fresh.filling:
        st.caption(_("Until the older months are read, sums, subscriptions and lists lack what is in them."))


def _unread(fresh: Freshness) -> str:
    """What the figures lack, or have as it was; empty where all could be read."""
    missing = ngettext(
        "{n} row could not be read and is in no figure",
        "{n} rows could not be read and are in no figure",
        fresh.missing,
    )
    outdated = ngettext(
        "{n} row could not be read again and counts as it was",
        "{n} rows could not be read again and count as they were",
        fresh.outdated,
    )
    told = ((missing, fresh.missing), (outdated, fresh.outdated))
    return " · ".join(words.format(n=f"{n:,}") for words, n in told if n)


def _filling(fresh: Freshness, done: int, months: int) -> str:
    words = _("First pass: {done} of {months} months read, newest first; {n} payments so far").format(
        done=done, months=months, n=f"{fresh.payments:,}"
    )
    return f":orange-badge[:material/hourglass_top: {words}]"


def _state(fresh: Freshness) -> tuple[int | None, bool, bool]:
    """What draws the page anew when it changes."""
    return fresh.as_of, bool(fresh.filling), fresh.standing


def _as_of(fresh: Freshness, now: float) -> str:
    if fresh.as_of is None:
        return ":orange-badge[:material/hourglass_empty: {}]".format(_("Nothing mirrored yet"))
    lag = now - fresh.as_of
    color, icon = ("orange", "schedule") if lag > _SLOW_SECONDS else ("green", "check_circle")
    words = _("As of {time} KST, {lag} ago").format(
        time=formats.escape(formats.time(fresh.as_of)), lag=formats.seconds(lag)
    )
    return f":{color}-badge[:material/{icon}: {words}]"


def _gateway(fresh: Freshness) -> str:
    if fresh.last_error:
        return ":red-badge[:material/cloud_off: {}]".format(_("Gateway: last try failed"))
    return ":green-badge[:material/cloud_done: {}]".format(_("Gateway answers"))
