"""The kinds of operations, a row each in their group: words, icon, who may ask for it, the page of its form."""

from collections.abc import Mapping
from functools import cache

from services.plain_text import harmless
from services.tables.journal import OperationKind

from dashboard.locale import current_language
from dashboard.words.kinds import cards, deliveries, identity, kcp, keys, naver, payments, receipts, vbanks
from dashboard.words.kinds.kind import Kind

_GROUPS = (payments, keys, receipts, naver, deliveries, vbanks, identity, kcp, cards)


def of(kind: str) -> Kind:
    """A kind in the current language."""
    return _kinds(current_language())[OperationKind(kind)]


def noun(code: str) -> str:
    """A kind in words; an address may name one that there is not."""
    return of(code).noun if code in set(OperationKind) else harmless(code)


@cache
def _kinds(_language: str) -> Mapping[OperationKind, Kind]:
    return {kind: row for group in _GROUPS for kind, row in group.rows().items()}
