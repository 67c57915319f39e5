"""Who somebody is, by what their identity provider says: taken as it stands, or refused with a sentence for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.errors import SignInRefused

from dashboard.access import User
from dashboard.settings import Settings


@dataclass(frozen=True, slots=True)
class Person:
    """A verified address with its role, and the identity behind it."""

    user: User
    issuer: str
    subject: str


def person_of(claims: Mapping[str, Any], settings: Settings, roles: Mapping[str, str]) -> Person:
    """The person of an identity token, by the roles of addresses. Raises SignInRefused, which says to them why not."""
    issuer = str(claims.get("iss") or claims.get("provider") or "")
    email = _address(claims, trusted=issuer in settings.trusted_issuers)
    role = roles.get(email)
    if role is None:
        raise SignInRefused(
            "You are signed in, but no role is set for your address. Ask the person who runs Jangbu for one."
        )
    return Person(User(email, role), issuer, str(claims.get("sub") or ""))


def _address(claims: Mapping[str, Any], *, trusted: bool) -> str:
    email, verified = claims.get("email"), claims.get("email_verified")
    if not isinstance(email, str) or not email:
        raise SignInRefused("Your sign-in brings no e-mail address. Ask the person who runs Jangbu.")
    if not email.isascii():
        raise SignInRefused("Your address holds letters that look like others: only ASCII letters are taken.")
    # A provider that is trusted says nothing, or says it in a text; a plain no is a no from everybody.
    if verified is not True and not (trusted and verified in (None, "true")):
        raise SignInRefused(
            "Your identity provider does not say that your e-mail address is verified. Ask the person who runs Jangbu."
        )
    return email.casefold()
