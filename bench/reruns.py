"""A rerun of Payments and the first screen of Home against an empty Streamlit page as shipped, by server and Chromium.

By the server a rerun is over when it says that the script has finished. In Chromium both pages are clicked in turn
in one browser, ours on another filter, and a rerun is over when the last text of the page has changed. A first screen
is there when the script has finished and its text stands, counted from the begin of the navigation.
"""

import os
import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from bench.lists import fill
from bench.servers import PORT, ROOT, server, unanswered
from bench.table import Figure, paired

_ROWS = 10_000
_CLICKS = 40
_EMPTY = """
import streamlit as st
st.session_state.n = st.session_state.get("n", 0) + st.button("more")
st.caption(f"{st.session_state.n} clicks")
"""
_CLICK = """button => new Promise(done => {
  const last = () => [...document.querySelectorAll('[data-testid="stCaptionContainer"]')].at(-1)?.textContent;
  const before = last(), begun = performance.now();
  const watch = new MutationObserver(() => {
    if (!last() || last() === before) return;
    watch.disconnect();
    done(performance.now() - begun);
  });
  watch.observe(document.body, {subtree: true, childList: true, characterData: true});
  document.querySelector(button).click();
})"""
_FIRST = ".stApp[data-test-script-state=notRunning] .stMain [data-testid=stElementContainer]:visible"
_LOADS = 15
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
_QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


def measure(folder: Path) -> list[Figure]:
    """On a small store whose newest payment is of this minute."""
    path = folder / "recent.db"
    fill(path, _ROWS, until=int(time.time())).dispose()
    url = f"sqlite:///{path}"
    empty = folder / "empty.py"
    empty.write_text(_EMPTY)
    with _served(url, empty) as (ours, theirs):
        return [_in_tests(url, empty), _by_server(ours, theirs), *_in_chromium(ours, theirs)]


def _in_tests(database: str, empty: Path) -> Figure:
    os.environ["JANGBU_DATABASE_URL"] = database
    ours = AppTest.from_file(ROOT / "dashboard" / "main.py", default_timeout=60).run()
    ours.switch_page(str(ROOT / "pages" / "payments.py")).run()
    theirs = AppTest.from_file(empty).run()
    if ours.exception or theirs.exception:
        raise RuntimeError("a page failed")
    a, b = paired(ours.run, theirs.run, runs=15, warm=3)
    return Figure("rerun of Payments, AppTest", 1000 * a, "ms", "empty page", 1000 * b)


@contextmanager
def _served(database: str, empty: Path) -> Iterator[tuple[str, str]]:
    shipped = ["streamlit", "run", str(empty), "--server.headless", "true", "--server.port", PORT]
    with (
        server(["dashboard", "serve"], ask="/healthz", settings=unanswered(database)) as ours,
        server(shipped, ask="/_stcore/health", folder=empty.parent) as theirs,
    ):
        yield ours, theirs


def _by_server(ours: str, theirs: str) -> Figure:
    with session(ours) as payments, session(theirs) as blank:
        rerun(payments, "payments")
        rerun(blank, "")
        a, b = paired(lambda: rerun(payments, "payments"), lambda: rerun(blank, ""), runs=_CLICKS, warm=3)
    return Figure("rerun of Payments, server", 1000 * a, "ms", "empty page as shipped", 1000 * b, at_most=0.75)


def session(url: str) -> ClientConnection:
    """A browser's socket."""
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    return connect(address, subprotocols=[Subprotocol("streamlit")], compression=None, max_size=None)


def rerun(socket: ClientConnection, page: str) -> None:
    """Asks for a run as a browser does, and waits until the script has finished."""
    asked = BackMsg()
    asked.rerun_script.page_name = page
    socket.send(asked.SerializeToString())
    drawn = 0
    while True:
        told = ForwardMsg()
        told.ParseFromString(bytes(socket.recv(decode=False)))
        kind = told.WhichOneof("type")
        drawn += kind in ("delta", "ref_hash")
        if kind == "script_finished" and told.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            break
    if not drawn:
        raise RuntimeError(f"{page or 'the empty page'} drew nothing")


def _in_chromium(ours: str, theirs: str) -> list[Figure]:
    chromium = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if chromium is None:
        raise RuntimeError("no Chromium: `make chromium` installs it")
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=list(_QUIET)) as browser,
    ):
        payments = _opened(browser, f"{ours}/payments")
        blank = _opened(browser, theirs)
        pairs = [
            (_click(payments, ".st-key-tile_failed button"), _click(blank, '[data-testid="stButton"] button'))
            for _ in range(_CLICKS)
        ]
        payments.close()
        blank.close()
        firsts = [(_first_screen(browser, ours), _first_screen(browser, theirs)) for _ in range(_LOADS)]
    a, b = (statistics.median(times) for times in zip(*pairs[3:], strict=True))
    home, empty = (statistics.median(times) for times in zip(*firsts[2:], strict=True))
    return [
        Figure("rerun of Payments, Chromium", a, "ms", "empty page as shipped", b, at_most=1.0),
        Figure("first screen of Home, Chromium", home, "ms", "empty page as shipped", empty, at_most=1.5),
    ]


def _opened(browser: Browser, url: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="ko-KR")
    page.goto(url)
    page.locator('[data-testid="stCaptionContainer"]').last.wait_for()
    return page


def _first_screen(browser: Browser, url: str) -> float:
    """Milliseconds from the navigation to a page that has been drawn."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="ko-KR")
    page.goto(url, wait_until="commit")
    page.locator(_FIRST).first.wait_for()
    taken = float(page.evaluate("performance.now()"))
    page.wait_for_timeout(300)
    page.close()
    return taken


def _click(page: Page, button: str) -> float:
    """Milliseconds from a click to the new text, then a rest in which whatever follows comes to its end."""
    page.bring_to_front()
    taken = float(page.evaluate(_CLICK, button))
    page.wait_for_timeout(300)
    return taken
