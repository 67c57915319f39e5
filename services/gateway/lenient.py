"""Answers that a strict decoder refuses whole, taken apart: what is odd in one row stays its own."""

import re

import msgspec

_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_MARK = re.compile(_STRING + rb'|[\[\]{}"]', re.DOTALL)
_SCALAR = re.compile(_STRING + rb'|[^\s,:"\[\]{}]+', re.DOTALL)
_NAME = re.compile(rb"[\s,]*(" + _STRING + rb")\s*:\s*", re.DOTALL)
_GAP = re.compile(rb"[\s,]*")
_FOLLOWED = re.compile(rb"\s*[,\]}]")
_NEXT_ROW = re.compile(rb",\s*(?=\{)")
_TAIL = re.compile(rb"(?:,\s*" + _STRING + rb"\s*:\s*(?:" + _STRING + rb'|[^\s,:"\[\]{}]+)\s*){0,8}\}$', re.DOTALL)
"""The plain members at the end of an object."""
_ODD = re.compile(r'"(?:[^"\\]++|\\.)*+"|-?\b(?:NaN|Infinity)\b', re.DOTALL)
_SIGN = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})"
    r'|u[0-9a-fA-F]{4}|["\\/bfnrt]|(?P<unknown>))|[\x00-\x1f]'
)
_DEEPEST = 40
_OTHER_ID = b'_uid"'
_IDS = (b'"imp_uid"', b'"merchant_uid"', b'"customer_uid"')


def members(raw: bytes) -> dict[str, bytes]:
    """The members of an object, each as it came; one that is damaged reaches to the plain ones at the object's end.

    Raises DecodeError for what is no object, or breaks off.
    """
    raw = raw.removeprefix(b"\xef\xbb\xbf").strip()
    if raw[:1] != b"{" or raw[-1:] != b"}":
        raise msgspec.DecodeError("not an object")
    found, at = {}, 1
    while name := _NAME.match(raw, at):
        begin, at = name.end(), _end(raw, name.end())
        if at < 0 or not _FOLLOWED.match(raw, at):
            tail = _TAIL.search(raw, begin)
            at = tail.start() if tail else len(raw) - 1
        found[mended(name[1])[1:-1].decode()] = raw[begin:at].strip()
    if raw[at:].strip() != b"}":
        raise msgspec.DecodeError("not an object")
    return found


def rows(raw: bytes, key: str) -> list[bytes]:
    """The rows of an array, each as it came. A damaged one ends where the next whole one with an id begins.

    `key` is that id's name; a row that lost it still has another of V1's `…_uid`, and what is nested in one has none.

    Raises DecodeError for what is no array, or breaks off.
    """
    raw, named = raw.strip(), b'"%s"' % key.encode()
    if raw[:1] != b"[" or raw[-1:] != b"]":
        raise msgspec.DecodeError("not an array")
    found: list[bytes] = []
    at, last = _past_gap(raw, 1), len(raw) - 1
    while at < last:
        end = _end(raw, at)
        if _whole(raw, at, end, named):
            found.append(raw[at:end])
        else:
            end = _resumed(raw, at, last, named)
            _take_apart(raw[at:end], named, found)
        at = _past_gap(raw, end)
    return found


def _past_gap(raw: bytes, at: int) -> int:
    gap = _GAP.match(raw, at)
    return gap.end() if gap else at


def mended(raw: bytes) -> bytes:
    """JSON as a strict decoder takes it, of the same meaning where it had one.

    Bytes that are not UTF-8 and halves of a surrogate pair become U+FFFD, control characters are escaped, NaN and
    Infinity become text, and so does what is nested too deep.
    """
    text = raw.decode("utf-8", "replace").removeprefix("\ufeff")
    return shallow(_ODD.sub(_mend, text).encode())


def shallow(raw: bytes) -> bytes:
    """JSON in which what is nested deeper than anybody writes is a text."""
    if raw.count(b"[") + raw.count(b"{") < _DEEPEST:
        return raw
    parts, depth, begin, kept = [], 0, 0, 0
    for mark in _MARK.finditer(raw):
        if mark[0] in b"[{":
            depth += 1
            if depth == _DEEPEST:
                begin = mark.start()
        elif mark[0] in b"]}":
            if depth == _DEEPEST:
                inside = raw[begin : mark.end()].decode("utf-8", "replace")
                parts += [raw[kept:begin], msgspec.json.encode(inside)]
                kept = mark.end()
            depth -= 1
    return b"".join((*parts, raw[kept:])) if parts else raw


def _end(raw: bytes, at: int) -> int:
    """Where the value that begins there ends; -1 where its brackets do not match."""
    if raw[at : at + 1] not in (b"[", b"{"):
        scalar = _SCALAR.match(raw, at)
        return scalar.end() if scalar else -1
    opened: list[bytes] = []
    for mark in _MARK.finditer(raw, at):
        sign = mark[0]
        if sign in b"[{":
            opened.append(sign)
        elif sign in b"]}":
            if opened.pop() + sign not in (b"[]", b"{}"):
                return -1
            if not opened:
                return mark.end()
        elif sign == b'"':
            return -1
    return -1


def _whole(raw: bytes, at: int, end: int, named: bytes) -> bool:
    if end < 0 or not _FOLLOWED.match(raw, end):
        return False
    # Two faults may undo each other: what names an id twice is two rows.
    return all(raw.count(name, at, end) <= 1 for name in (named, *_IDS))


def _resumed(raw: bytes, at: int, last: int, named: bytes) -> int:
    """Where the next whole row after a damaged one begins."""
    for gap in _NEXT_ROW.finditer(raw, at + 1, last):
        end = _end(raw, gap.end())
        if _whole(raw, gap.end(), end, named) and _is_row(raw[gap.end() : end], named):
            return gap.start()
    return last


def _is_row(part: bytes, named: bytes) -> bool:
    return named in part or part.count(_OTHER_ID) > 1


def _take_apart(damaged: bytes, named: bytes, found: list[bytes]) -> None:
    """Rows of which each may be damaged; what has no id belongs to the row before it."""
    for number, part in enumerate(_NEXT_ROW.split(damaged)):
        begins = part[:1] == b"{" and (number == 0 or _OTHER_ID in part.partition(b"}")[0])
        if not found or begins or (named in part and named in found[-1]):
            found.append(part)
        else:
            found[-1] += b"," + part


def _mend(token: re.Match[str]) -> str:
    string = token[0]
    if string[0] != '"':
        return f'"{string}"'
    return _SIGN.sub(_mend_sign, string) if "\\" in string or not string.isprintable() else string


def _mend_sign(sign: re.Match[str]) -> str:
    if sign["half"]:
        return "\\ufffd"
    if sign["unknown"] is not None:
        return "\\\\"
    return sign[0] if sign[0][0] == "\\" else f"\\u{ord(sign[0]):04x}"
