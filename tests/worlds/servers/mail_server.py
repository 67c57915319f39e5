"""For tests: an SMTP server of a few lines, with STARTTLS and AUTH where it is told so, that keeps what it takes."""

import base64
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailBox:
    """What was handed in, and how the server behaves."""

    mails: list[EmailMessage] = field(default_factory=list)
    port: int = 0
    tls: ssl.SSLContext | None = None
    """Where it offers STARTTLS."""
    password: str = ""
    """Where it wants one, by AUTH PLAIN."""
    refuses: set[str] = field(default_factory=set)
    """Receivers that it does not know."""
    encrypted: list[bool] = field(default_factory=list)
    """Of each mail, whether it came encrypted."""

    signed_in: list[str] = field(default_factory=list)
    """Passwords that were told to it."""

    def arrives(self, n: int, seconds: float) -> bool:
        """Whether so many mails come within a time."""
        until = time.monotonic() + seconds
        while len(self.mails) < n and time.monotonic() < until:
            time.sleep(0.05)
        return len(self.mails) >= n

    def to(self, address: str) -> list[EmailMessage]:
        """The mails of one receiver."""
        return [one for one in self.mails if one["To"] == address]


class _Talk(socketserver.StreamRequestHandler):
    box: MailBox

    def handle(self) -> None:
        self.is_encrypted, self.is_known = False, not self.box.password
        self._speak_over(self.connection)
        self.say(220, "mail.test")
        while line := self.came.readline():
            verb, _space, rest = line.decode("ascii").strip().partition(" ")
            if not getattr(self, f"do_{verb.lower()}", self.do_other)(rest):
                return

    def _speak_over(self, connection: socket.socket) -> None:
        self.came, self.went = connection.makefile("rb"), connection.makefile("wb", 0)

    def say(self, code: int, *words: str) -> bool:
        """One answer, of a line or more."""
        for n, one in enumerate(words):
            self.went.write(f"{code}{' ' if n == len(words) - 1 else '-'}{one}\r\n".encode("ascii"))
        return True

    def do_ehlo(self, _rest: str) -> bool:
        offers = ["STARTTLS"] if self.box.tls and not self.is_encrypted else []
        return self.say(250, "mail.test", *offers, *(["AUTH PLAIN"] if self.box.password else []))

    def do_starttls(self, _rest: str) -> bool:
        assert self.box.tls
        self.say(220, "go ahead")
        self._speak_over(self.box.tls.wrap_socket(self.connection, server_side=True))
        self.is_encrypted = True
        return True

    def do_auth(self, rest: str) -> bool:
        said = base64.b64decode(rest.partition(" ")[2]).split(b"\0")[-1].decode()
        self.box.signed_in.append(said)
        self.is_known = said == self.box.password
        return self.say(235, "welcome") if self.is_known else self.say(535, "no")

    def do_mail(self, _rest: str) -> bool:
        return self.say(250, "ok") if self.is_known else self.say(530, "sign in first")

    def do_rcpt(self, rest: str) -> bool:
        address = rest.partition("<")[2].partition(">")[0]
        return self.say(550, "unknown") if address in self.box.refuses else self.say(250, "ok")

    def do_data(self, _rest: str) -> bool:
        self.say(354, "go ahead")
        lines = []
        while (line := self.came.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        mail = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.box.mails.append(mail)
        self.box.encrypted.append(self.is_encrypted)
        return self.say(250, "taken")

    def do_quit(self, _rest: str) -> bool:
        self.say(221, "bye")
        return False

    def do_other(self, _rest: str) -> bool:
        return self.say(502, "no")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True

    def handle_error(self, *_given: object) -> None:
        """Whoever hangs up is no error here."""


@contextmanager
def taking_mail(box: MailBox, host: str = "127.0.0.1") -> Iterator[MailBox]:
    """Serves while the block lasts, on the box's port, or one that is free."""
    talk = type("Talk", (_Talk,), {"box": box})
    server = _Server((host, box.port), talk)
    box.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield box
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
