"""Mail by SMTP: encrypted by SSL or STARTTLS, and plain to this machine alone."""

import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from services.alarms.message import Message, NotDelivered, Why
from services.clock import SEOUL

_PATIENCE = 10
"""Seconds for each step."""
_SSL, _SUBMISSION, _PLAIN = 465, 587, 25


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, and as whom."""

    host: str
    port: int | None
    ssl: bool
    """From the first byte; otherwise STARTTLS."""
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    is_here: bool = False
    """On this machine: nobody listens in between."""


def send_mail(server: MailServer, to: str, message: Message, now: float) -> None:
    """Hands one mail in. Raises NotDelivered."""
    try:
        smtp = _opened(server)
        try:
            if server.user:
                smtp.login(server.user, server.password)
            smtp.send_message(_mail(server, to, message, now), server.sender, [to])
        finally:
            # No word of farewell: what was taken has arrived, whatever would be answered to it.
            smtp.close()
    except smtplib.SMTPAuthenticationError:
        raise NotDelivered(Why.SIGN_IN) from None
    except (ssl.SSLError, smtplib.SMTPNotSupportedError):
        raise NotDelivered(Why.NOT_ENCRYPTED) from None
    except TimeoutError:
        raise NotDelivered(Why.TIMED_OUT) from None
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError):
        raise NotDelivered(Why.UNREACHABLE) from None
    except smtplib.SMTPException:
        raise NotDelivered(Why.REFUSED) from None
    except OSError:
        raise NotDelivered(Why.UNREACHABLE) from None


def _opened(server: MailServer) -> smtplib.SMTP:
    trusted, name = ssl.create_default_context(), server.sender.partition("@")[2] or "localhost"
    if server.ssl:
        return smtplib.SMTP_SSL(server.host, server.port or _SSL, name, timeout=_PATIENCE, context=trusted)
    port = server.port or (_PLAIN if server.is_here else _SUBMISSION)
    smtp = smtplib.SMTP(server.host, port, name, timeout=_PATIENCE)
    if not server.is_here:
        try:
            smtp.starttls(context=trusted)
        except BaseException:
            smtp.close()
            raise
    return smtp


def _mail(server: MailServer, to: str, message: Message, now: float) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = server.sender, to, message.title
    mail["Date"] = format_datetime(datetime.fromtimestamp(now, SEOUL))
    mail["Message-ID"] = f"<{message.id}@{server.sender.partition('@')[2] or 'localhost'}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body)
    return mail
