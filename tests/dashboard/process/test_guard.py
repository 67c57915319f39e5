"""The guard itself does not stumble: whatever comes in over the wire is a short answer, and the log stays clean."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dashboard.commands.demo import free_port
from tests.browser.servers import ending, wait_for
from tests.worlds.screens.screens import ROOT, filled_store

OWN = "127.0.0.1:{port}"

HOSTS = [
    "[", "[::1", "[]", "[:]", "[::1]:x", "]", "[v1.x]", "[::1]]", "127.0.0.1:", "127.0.0.1:99999999", "127.0.0.1:-1",
    "127.0.0.1:８０", "127.0.0.1:80:80", "user@127.0.0.1", "user:pw@127.0.0.1", "127.0.0.1/x", "127.0.0.1?x",
    "127.0.0.1#x", "127.0.0.1\\x", "127.0.0.1,127.0.0.1", "127.0.0.1 evil.example", "", " ", ".", "..", "*", "%5B",
    "%00", "\x7f", "\x1b[2J", "localhost.evil.example", "127.0.0.1.evil.example", "evil.example", "2130706433",
    "0x7f.1", "xn--", "é", "가.example", "a" * 300, "[" * 200, "::1", "0", "null", "\ufffd", "http://127.0.0.1",
]  # fmt: skip
HEADERS = [
    "Origin: [", "Origin: http://[", "Origin: null", "Origin: ", "Origin: \x1b", "Origin: http://127.0.0.1:1",
    "Origin: javascript:x", "Origin: file://", "Forwarded: for=[", "Forwarded: for=1.2.3.4", "X-Forwarded-For: x",
    "X-Forwarded-Host: evil", "X-Forwarded-Proto: https", "X-Forwarded-Anything: 1", "X-Real-IP: ::1", "Via: 1.1 x",
    "X-Client-IP: 1", "True-Client-IP: 1", "CF-Connecting-IP: 1", "X-FORWARDED-FOR: 127.0.0.1",
]  # fmt: skip
HARMLESS = [
    "Cookie: =", "Cookie: ;;;", "Cookie: a", "Cookie: _streamlit_user", "Cookie: _streamlit_user=x.y.z",
    "Cookie: _streamlit_user=chunks-99999999", "Cookie: __Host-=;_streamlit_user_1=", 'Cookie: a="\\',
    "Cookie: \xff", "Cookie: " + "a=b; " * 500, "Accept-Language: \xff,;q=[", "Accept: [",
    "Accept-Encoding: gzip;q=x", "Range: bytes=[", "Range: bytes=9-1", "If-None-Match: [",
    "If-Modified-Since: never", "Referer: http://[", "Referer: \x1b", "TE: [", "User-Agent: \x1b[2J",
    "Authorization: [", "Content-Type: [", "X-Jangbu-Session: " + "a" * 64, "Expect: 1",
]  # fmt: skip
PATHS = [
    "/%00", "/%0a", "/%1b[2J", "/x?%00", "/oauth2callback?error=%1b[2J", "/oauth2callback?state=%0d%0ax", "/%7f",
    "/..", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd", "/media/../x",
    "/media/%2e%2e/x", "/media/[", "/export/[", "/export/" + "a" * 2_000, "/%", "/%zz", "/%ff%fe", "/\\", "/[",
    "//evil.example", "///", "//", "/;", "/~", "/.git/config", "/.env", "/.streamlit/secrets.toml",
    "/static/../../x", "/component/x/../../y", "/_stcore/upload_file/[/[", "/_stcore/stream", "/_stcore/nothing",
    "/auth/login", "/auth/login?provider=[", "/auth/login?provider=a.b.c", "/oauth2callback",
    "/oauth2callback?error=[&error_description=[", "/healthz/", "/healthz?" + "x" * 4_000, "/가", "/a/b/c/d",
    "/metrics/[", "*", "/?", "/?[", "/#",
]  # fmt: skip
METHODS = ["HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "BREW", "get", "X" * 60]


@dataclass(frozen=True)
class Wire:
    """A served dashboard, spoken to byte by byte."""

    port: int
    log: Path

    def says(self, *lines: str, method: str = "GET", path: str = "/healthz", host: str | None = None) -> bytes:
        """The whole answer to one request."""
        named = OWN.format(port=self.port) if host is None else host
        head = [f"{method} {path} HTTP/1.1", f"Host: {named}", *lines, "Content-Length: 0", "Connection: close"]
        return self.sends("\r\n".join(head).encode("utf-8", "surrogateescape") + b"\r\n\r\n")

    def sends(self, wire: bytes) -> bytes:
        """What comes back, until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as sock:
            sock.sendall(wire)
            return b"".join(iter(lambda: sock.recv(65_536), b""))


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """A dashboard without sign-in, whose log is kept."""
    folder = tmp_path_factory.mktemp("wire")
    filled_store(folder)
    found = Wire(free_port(), folder / "log")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JANGBU_")}
    settings = {"JANGBU_DATABASE_URL": f"sqlite:///{folder / 'screens.db'}", "JANGBU_IMP_API_URL": "http://127.0.0.1:1"}
    command = [sys.executable, "-m", "uvicorn", "dashboard.app:app", "--port", str(found.port), "--no-access-log"]
    with found.log.open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=clean | settings, stdout=log, stderr=log)
        with ending(process):
            wait_for(f"http://127.0.0.1:{found.port}/healthz", lambda: process.poll() is None)
            yield found


def status(answer: bytes) -> int:
    """Of an answer; it ends as HTTP does, however short."""
    assert answer.startswith(b"HTTP/1.1 "), answer[:80]
    return int(answer[9:12])


def body(answer: bytes) -> bytes:
    """What stands below the headers."""
    return answer.partition(b"\r\n\r\n")[2]


def test_every_odd_host_and_origin_is_turned_away_in_a_word(wire: Wire) -> None:
    for host in HOSTS:
        answer = wire.says(host=host)
        assert status(answer) in (400, 403), host
        assert len(body(answer)) < 100, host
    for line in HEADERS:
        answer = wire.says(line)
        assert status(answer) in (400, 403), line
        assert len(body(answer)) < 100, line
    assert status(wire.sends(b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n")) == 400
    assert status(wire.sends(b"GET /healthz HTTP/1.0\r\n\r\n")) == 400
    two = OWN.format(port=wire.port)
    assert status(wire.sends(f"GET /healthz HTTP/1.1\r\nHost: {two}\r\nHost: {two}\r\n\r\n".encode())) == 400


def test_other_odd_headers_change_nothing(wire: Wire) -> None:
    for line in HARMLESS:
        assert status(wire.says(line)) in (200, 400), line


def test_every_odd_path_and_method_is_answered_without_a_stumble(wire: Wire) -> None:
    for path in PATHS:
        answer = wire.says(path=path)
        assert status(answer) < 500, path
        assert b"root:" not in answer, path
        assert b"Traceback" not in answer, path
    for method in METHODS:
        for path in ("/", "/healthz", "/export/x", "/media/x", "/_stcore/health", "/oauth2callback"):
            assert status(wire.says(method=method, path=path)) < 500, (method, path)
    assert status(wire.says(path="/oauth2callback?error=%1b[2J")) == 400
    for junk in (b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"\r\n\r\n" * 50, b"GET / HTTP/9.9\r\n\r\n"):
        assert status(wire.sends(junk)) == 400


def test_the_table_is_long_enough_and_left_no_traceback(wire: Wire) -> None:
    assert len(HOSTS) + len(HEADERS) + len(HARMLESS) + len(PATHS) + len(METHODS) > 140
    log = wire.log.read_bytes()
    assert b"Traceback" not in log
    assert b"\x1b[2J" not in log
