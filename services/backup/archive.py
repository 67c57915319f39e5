"""The file of a backup: a line of magic, a line that says what it is, and frames of packed bytes up to a last one.

Each frame is its length in four bytes and at most a mebibyte of the database, packed and then sealed where there is
a passphrase. The last one has the sum of all that came before: a file that was cut off has none.
"""

import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from services.backup.seal import Salt, Seal
from services.errors import BackupError

_MAGIC = b"jangbu backup 1\n"
_CHUNK = 1 << 20
_LONGEST_FRAME = _CHUNK + (1 << 16)
_LONGEST_LINE = 4_096
_PIECE, _END = b"p", b"e"


@dataclass(frozen=True, slots=True)
class Label:
    """What a backup says of itself in the clear: the database's revision, and when and of what it was taken."""

    revision: str
    made_at: int
    engine: str
    salt: Salt | None = None

    @property
    def sealed(self) -> bool:
        """Whether it takes a passphrase to open it."""
        return self.salt is not None


def pack(source: Path, target: Path, label: Label, passphrase: str | None) -> None:
    """Writes a database file as a backup, for its owner alone, and has the disk keep it."""
    label = Label(label.revision, label.made_at, label.engine, Salt.new() if passphrase else None)
    head = json.dumps(asdict(label)).encode()
    seal = Seal(passphrase, label.salt, head) if passphrase and label.salt else None
    total = sha256(head)
    opened = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as file, source.open("rb") as plain:
        file.write(_MAGIC + head + b"\n")
        number = 0
        while chunk := plain.read(_CHUNK):
            total.update(chunk)
            _write(file, number, _PIECE + zlib.compress(chunk, 1), seal)
            number += 1
        _write(file, number, _END + total.digest(), seal)
        file.flush()
        os.fsync(file.fileno())


def is_begun(path: Path) -> bool:
    """Whether a file begins as a backup does."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def _write(file: BinaryIO, number: int, frame: bytes, seal: Seal | None) -> None:
    written = seal.close(number, frame) if seal else frame
    file.write(len(written).to_bytes(4, "big") + written)


def label_of(path: Path) -> Label:
    """What a file says of itself. Raises BackupError where it is no backup, OSError where it cannot be read."""
    with path.open("rb") as file:
        return _label(_head(file, path))


def unpack(path: Path, target: Path, passphrase: str | None) -> Label:
    """Writes the database of a backup to a new file. Raises BackupError where a bit of it is not as it was written.

    With a passphrase nothing is taken but what is sealed with it.
    """
    with path.open("rb") as file:
        head = _head(file, path)
        label = _label(head)
        seal = _seal(label, passphrase, head)
        opened = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "wb") as plain:
            for chunk in _chunks(file, seal, sha256(head)):
                plain.write(chunk)
    return label


def _seal(label: Label, passphrase: str | None, head: bytes) -> Seal | None:
    if label.salt is None:
        # Whoever can write to the folder could have put it in the place of a sealed one.
        if passphrase:
            raise BackupError(
                "The backup is not sealed, though JANGBU_BACKUP_PASSPHRASE is set: somebody may have put it in the "
                "place of a sealed one. `jangbu restore --unsealed` puts it back nevertheless."
            )
        return None
    if not passphrase:
        raise BackupError("The backup is sealed with a passphrase: JANGBU_BACKUP_PASSPHRASE has to be set to it.")
    return Seal(passphrase, label.salt, head)


def _chunks(file: BinaryIO, seal: Seal | None, total: Any) -> Iterator[bytes]:
    number = 0
    while True:
        frame = _read(file, number)
        plain = seal.open(number, frame) if seal else frame
        kind, content = plain[:1], plain[1:]
        if kind == _END:
            if content != total.digest() or file.read(1):
                raise BackupError("The backup is damaged: it is not as it was written.")
            return
        chunk = _unpacked(content, number)
        total.update(chunk)
        yield chunk
        number += 1


def _unpacked(content: bytes, number: int) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        chunk = unpacker.decompress(content, _CHUNK)
    except zlib.error:
        chunk = b""
    if not chunk or not unpacker.eof:
        raise BackupError("The backup is damaged: part {n} is not as it was written.", n=number)
    return chunk


def _read(file: BinaryIO, number: int) -> bytes:
    length = int.from_bytes(file.read(4), "big")
    frame = file.read(length) if length <= _LONGEST_FRAME else b""
    if not frame or len(frame) != length:
        raise BackupError("The backup is damaged: it ends in part {n}, before its end.", n=number)
    return frame


def _head(file: BinaryIO, path: Path) -> bytes:
    if file.read(len(_MAGIC)) != _MAGIC:
        raise BackupError("{path} is no backup that `jangbu backup` wrote.", path=path)
    return file.readline(_LONGEST_LINE).rstrip(b"\n")


def _label(head: bytes) -> Label:
    try:
        told = json.loads(head)
        salt = told.pop("salt")
        bytes.fromhex(salt["salt"] if salt else "")
        label = Label(str(told["revision"]), int(told["made_at"]), str(told["engine"]), Salt(**salt) if salt else None)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise BackupError("The backup is damaged: its beginning cannot be read.") from None
    return label
