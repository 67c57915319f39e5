"""How a backup is sealed with a passphrase: scrypt makes the key, AES-256-GCM seals each frame with its number."""

import secrets
from dataclasses import dataclass
from hashlib import scrypt
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.errors import BackupError

LEAST = 12
"""Characters of a passphrase."""
_COST = {"n": 1 << 17, "r": 8, "p": 1}
_MOST_MEMORY = 1 << 28
_MOST_COST = 1 << 20


@dataclass(frozen=True, slots=True)
class Salt:
    """What stands in the file in the clear, so that the passphrase makes the same key again."""

    salt: str
    n: int
    r: int
    p: int

    @staticmethod
    def new() -> "Salt":
        """One by chance: no two files have the same key."""
        return Salt(secrets.token_hex(16), **_COST)


class Seal:
    """Seals and opens the frames of one file; each is bound to the file's head and to its place."""

    def __init__(self, passphrase: str, salt: Salt, head: bytes) -> None:
        self._cipher: Any = AESGCM(_key(passphrase, salt))
        self._head = head

    def close(self, number: int, plain: bytes) -> bytes:
        """A frame, sealed."""
        sealed: bytes = self._cipher.encrypt(_nonce(number), plain, self._head)
        return sealed

    def open(self, number: int, sealed: bytes) -> bytes:
        """A frame as it was. Raises BackupError: of the first frame it may be the passphrase."""
        try:
            plain: bytes = self._cipher.decrypt(_nonce(number), sealed, self._head)
        except InvalidTag:
            if number:
                raise BackupError("The backup is damaged: part {n} is not as it was written.", n=number) from None
            raise BackupError("The passphrase is not that of the backup, or its beginning is damaged.") from None
        return plain


def _key(passphrase: str, salt: Salt) -> bytes:
    try:
        if salt.n > _MOST_COST or salt.r > 8 or salt.p > 1:
            raise ValueError
        return scrypt(
            passphrase.encode(), salt=bytes.fromhex(salt.salt), n=salt.n, r=salt.r, p=salt.p,
            maxmem=_MOST_MEMORY * max(salt.n // _COST["n"], 1), dklen=32,
        )  # fmt: skip
    except (ValueError, TypeError, OverflowError):
        raise BackupError("The backup is damaged: its beginning cannot be read.") from None


def _nonce(number: int) -> bytes:
    # The key is this file's alone, so that a number is used once with it.
    return number.to_bytes(12, "big")
