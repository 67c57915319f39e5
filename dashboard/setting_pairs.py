"""Settings that are pairs in one line: people with their roles, users with their addresses, sub-stores with names."""

from collections import Counter


def read_users(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Users with their addresses; what is no address is refused."""
    if not all(name and "@" in email and email.isascii() for name, email in pairs):
        raise ValueError("no address")
    return {name: email.lower() for name, email in pairs}


def read_roles(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Addresses with their roles; an address twice, or with other letters than ASCII's, is refused."""
    emails = [email for email, _role in pairs]
    if not all(email.isascii() for email in emails) or max(Counter(map(str.lower, emails)).values(), default=1) > 1:
        raise ValueError("an address twice, or with letters that look like others")
    return {email.lower(): role.lower() for email, role in pairs}


def read_store_roles(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Roles by address and code of a sub-store, with a slash between; what lacks one, and one twice, is refused."""
    found = {}
    for key, role in pairs:
        email, slash, tier = key.rpartition("/")
        found[store_key(email.lower(), tier)] = role.lower()
        if not (slash and "@" in email and email.isascii() and tier):
            raise ValueError("no address and store")
    if len(found) < len(pairs):
        raise ValueError("an address twice in one store")
    return found


def store_key(email: str, tier: str) -> str:
    """What a role in one sub-store is found by."""
    return f"{email}/{tier}"


def read_tiers(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Codes with their names, or with themselves where they have none; a code twice is refused."""
    if len({code for code, _name in pairs}) < len(pairs):
        raise ValueError("a code twice")
    return {code: name or code for code, name in pairs}


def pairs_of(text: str) -> list[tuple[str, str]]:
    """`a=b,c=d` as pairs; what has no sign goes with an empty text."""
    entries = (entry.partition("=") for entry in text.split(",") if entry.strip())
    return [(name.strip(), value.strip()) for name, _sign, value in entries]
