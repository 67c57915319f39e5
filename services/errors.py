"""Every error Jangbu raises on purpose.

JangbuError
├── SettingsError            a setting is missing or malformed
├── SignInRefused            an identity that gets no role
├── StoreError
│   ├── WrongRevision        the database is not at the revision this code knows
│   ├── BackupError          a backup that cannot be taken or put back
│   ├── OtherAccount         the database mirrors another account of a gateway than the settings name
│   ├── NotSaved             the database is locked or full: nothing was written, so nothing was sent
│   │   ├── Restored         an older state of it was put back: nothing is sent before it is completed
│   │   ├── Displaced        another file stands where the database was opened, or none
│   │   ├── Outdated         a newer version has taken the database over
│   │   └── Superseded       another process has taken the loops over since
│   └── InvalidFilter        a list's filter makes no sense (a range that ends before it begins, …)
├── OperationError
│   ├── InvalidRequest       what was typed cannot be sent; `values["field"]` names the part to mend
│   ├── Busy                 another operation on the same payment or key is open
│   ├── NotAllowed           this person may not do that
│   ├── Moved                the operation is no longer in the state that this step begins from
│   └── NotShown             the gateway does not show what a person says was done
└── GatewayError
    ├── NotSent              the request never left: nothing happened
    │   └── Unauthorized     401 after a new token: key or secret is wrong
    ├── Refused              the gateway said no; `message` is its text, word for word
    │   ├── NotFound         404: no such payment, billing key or schedule
    │   └── BadRequest       400: a bad window, page or state
    └── OutcomeUnknown       time-out, reset, 5xx or an unreadable body: it may have happened
        └── UnreadableAnswer the answer came whole and means nothing to us: asking again brings the same
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self


def says(sentence: str) -> str:
    """Marks a sentence for the catalogs that stands elsewhere than in the error or on the screen that tells it."""
    return sentence


class JangbuError(Exception):
    """Base of the tree: `template` is the English sentence (a gettext key), `values` fill it."""

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template)
        self.template = template
        self.values = values

    def __str__(self) -> str:
        return self.template.format(**self.values)

    def kept(self) -> str:
        """Template and values as JSON, to be stored and told later in the language of who reads it."""
        return json.dumps({"template": self.template, "values": self.values}, ensure_ascii=False, default=str)

    @staticmethod
    def of_kept(text: str) -> "JangbuError | None":
        """An error as `kept` stored it; None where the text is none, as older versions stored the sentence alone."""
        try:
            found = json.loads(text)
        except ValueError:
            return None
        if not isinstance(found, dict) or found.keys() != {"template", "values"}:
            return None
        template, values = found["template"], found["values"]
        return JangbuError(template, **values)


class SettingsError(JangbuError):
    """A setting is missing or malformed; the sentence names it."""


class SignInRefused(JangbuError):
    """Somebody signed in, and gets no role; the sentence is for that person."""


class StoreError(JangbuError):
    """The store cannot do what was asked."""


class WrongRevision(StoreError):
    """The database is at another revision than this code: `jangbu migrate` mends it."""


class NoStore(StoreError):
    """There is no database where the settings say: an empty one would know of nothing that was sent."""


class NotSaved(StoreError):
    """The database could not write: nothing was recorded and nothing was sent."""


class Restored(NotSaved):
    """An older state of the database was put back: nothing is recorded and nothing sent until it is completed."""


class OtherAccount(StoreError):
    """The database mirrors another account than the settings name: `jangbu migrate --adopt` rebinds it."""


class Displaced(NotSaved):
    """The database file or its log is no longer the one that was opened: what is written would be lost."""


class Outdated(NotSaved):
    """The database was brought to another revision while this process ran."""


class Superseded(NotSaved):
    """Another process holds the loops by now: this one's write was refused, and it sends nothing."""


class BackupError(StoreError):
    """A backup that was not taken, or cannot be put back: nothing was changed."""


class InvalidFilter(StoreError):
    """A filter that makes no sense; `values["field"]` names the part to mend."""


class OperationError(JangbuError):
    """An operation cannot be begun or moved on as asked."""


class InvalidRequest(OperationError):
    """What was typed cannot be sent; `values["field"]` names the part to mend."""

    also: Sequence["InvalidRequest"] = ()
    """What else of the same form has to be mended."""


class Busy(OperationError):
    """Another operation on the same payment or billing key is open; `values["operation"]` is its id."""


class NotAllowed(OperationError):
    """This person may not do that."""


class Moved(OperationError):
    """Somebody or something else has moved the operation on meanwhile."""


class NotShown(OperationError):
    """The gateway was read and does not show what a person says was done."""


class GatewayError(JangbuError):
    """A call to the gateway did not bring what was asked."""


class NotSent(GatewayError):
    """The request never left this machine, or was rejected before it was looked at."""


class Unauthorized(NotSent):
    """401 even with a new token, or the token itself was refused."""


@dataclass(frozen=True)
class Refusal:
    """What the gateway said: HTTP status, envelope `code` and `message`, all as received."""

    status: int
    code: int
    message: str | None


class Refused(GatewayError):
    """The gateway said no; its message is shown word for word."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__("{message}", message=refusal.message or "")
        self.refusal = refusal

    def saying(self, message: str | None) -> Self:
        """The same in other words: without what nobody keeps."""
        return type(self)(replace(self.refusal, message=message))


class NotFound(Refused):
    """404: no such payment, billing key or schedule."""


class BadRequest(Refused):
    """400: a bad window, page or state."""


class OutcomeUnknown(GatewayError):
    """Time-out, reset, 5xx or an unreadable answer: whether it happened is not known."""


class UnreadableAnswer(OutcomeUnknown):
    """The answer came whole, but without what makes it one: asking again would bring the same."""
