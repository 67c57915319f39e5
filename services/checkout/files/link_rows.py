"""A file of links: what each row would make, or everything that stands in its way. Makes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from sqlalchemy import Connection

from services.amounts import half_width, read_amount
from services.checkout.checkouts import Channel, Offer
from services.checkout.files.asks import Ask, ask_of, newest_link, open_asks
from services.checkout.files.link_files import made_of
from services.checkout.offers import MOST_DAYS, MOST_USES, OfferForm, Product, offer_of
from services.checkout.parameters.case import Merchant
from services.clock import DAY, seoul
from services.csv_lines import CsvLine
from services.errors import InvalidRequest
from services.exports.guard import unguarded
from services.mistakes import Mistakes
from services.operations.files.batches import lines_of
from services.store.fold import phone_digits
from services.tables.checkouts import CheckoutKind

PHONE = "buyer_tel"
COLUMNS = ("customer_uid", "amount", "name", "buyer_name", PHONE, "product", "days", "uses", "memo", "customer_id")
DAYS, USES, PRODUCT = 7, 1, "LINK"
"""What a row has that says none."""
_BARE_MOBILE, _LONGEST = 10, 9
"""Digits of a mobile's number without its 0; more digits than any count of ours has."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is the same for every row; `registration` is what one is called whose row has no name."""

    channel: Channel
    merchant: Merchant
    registration: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One row by its number in a spreadsheet: the link that it would make, or all that stands in its way.

    `made`: the number of the link that this row made before.
    """

    number: int
    cells: Mapping[str, str]
    offer: Offer | None
    days: int
    problems: tuple[InvalidRequest, ...] = ()
    made: int | None = None


@dataclass(frozen=True, slots=True)
class LinkRun:
    """A file and what each of its rows would do; `seen` is the newest link that it was held against."""

    digest: str
    name: str
    rows: tuple[LinkRow, ...]
    seen: int
    sums: tuple[int, ...] = ()
    """Numbers of lines that only add others up: they are left out."""

    @property
    def faulty(self) -> int:
        """Rows that cannot become links."""
        return sum(bool(row.problems) for row in self.rows)

    @property
    def made(self) -> int:
        """Rows that became links before."""
        return sum(row.made is not None for row in self.rows)

    @property
    def offers(self) -> Mapping[int, Offer]:
        """The links that are to be made, by the rows' numbers."""
        return {row.number: row.offer for row in self.rows if row.offer and not row.problems and row.made is None}

    @property
    def amount(self) -> int:
        """What buyers would be asked to pay, in won; what a registration shows is not charged."""
        return sum(one.request["amount"] * one.uses for one in self.offers.values() if one.kind == CheckoutKind.PAYMENT)

    def begun_at(self, now: float) -> "LinkRun":
        """The run with links that last their days from now on: somebody may have looked at it for a while."""
        return replace(self, rows=tuple(_begun(row, now) for row in self.rows))


def dry_run(conn: Connection, name: str, content: bytes, terms: Terms, now: float) -> LinkRun:
    """Looks at each row; makes nothing. Raises InvalidRequest for a file that is none of ours."""
    file = lines_of(content, (PHONE,), [one for one in COLUMNS if one != PHONE])
    if not {"customer_uid", "amount"} & set(file.names):
        raise InvalidRequest("The first line lacks {names}.", field="file", names="customer_uid, amount")
    # Next month the same people may be asked again; whose link is still open is told by that.
    digest = sha256(f"{seoul(now):%Y-%m}\n".encode() + content).hexdigest()
    made, taken, earlier = made_of(conn, digest), open_asks(conn, now), dict[Ask, int]()
    rows = []
    for line in file.lines:
        row = _judged(line, terms, now)
        if line.number in made:
            row = replace(row, problems=(), made=made[line.number])
        elif ask := ask_of(row.offer) if row.offer else None:
            row = _held_against(row, ask, earlier, taken)
        rows.append(row)
        if row.offer and (ask := ask_of(row.offer)):
            earlier.setdefault(ask, row.number)
    return LinkRun(digest, name, tuple(rows), newest_link(conn), file.sums)


def _judged(line: CsvLine, terms: Terms, now: float) -> LinkRow:
    cells = {name: unguarded(line.cells.get(name, "")) for name in COLUMNS}
    mistakes = Mistakes()
    uid = cells["customer_uid"]
    amount = mistakes.read(lambda: read_amount(cells["amount"], "KRW"), None)
    days = _number(cells, "days", mistakes, DAYS, MOST_DAYS)
    uses = _number(cells, "uses", mistakes, USES, MOST_USES)
    form = OfferForm(
        amount=0 if uid and not cells["amount"] else amount,
        name=cells["name"] or (terms.registration if uid else ""),
        channel=terms.channel.key,
        days=days,
        products=(Product(cells["product"] or PRODUCT),),
        uses=uses,
        memo=cells["memo"],
        customer_uid=uid,
        buyer_name=cells["buyer_name"],
        buyer_tel=_phone(cells[PHONE]),
        customer_id=cells["customer_id"],
    )
    offer = None
    try:
        offer = offer_of(form, [terms.channel], terms.merchant, now)
    except InvalidRequest as problem:
        for one in (problem, *problem.also):
            mistakes.add(one)
    problems = mistakes.told()
    return LinkRow(line.number, cells, None if problems else offer, days, problems)


def _held_against(row: LinkRow, ask: Ask, earlier: Mapping[Ask, int], taken: Mapping[Ask, int]) -> LinkRow:
    """Nobody is asked for the same twice: neither by the file nor beside a link that is still open."""
    if ask in earlier:
        twice = InvalidRequest("Row {row} asks for the same already.", field=ask.column, row=earlier[ask])
        return replace(row, problems=(twice,))
    if ask in taken:
        still = InvalidRequest(
            "Link {link} asks for the same and is still open: withdraw it first, or leave this row out.",
            field=ask.column,
            link=taken[ask],
        )
        return replace(row, problems=(still,))
    return row


def _number(cells: Mapping[str, str], name: str, mistakes: Mistakes, otherwise: int, most: int) -> int:
    text = half_width(cells[name])
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) < _LONGEST and 1 <= int(text) <= most):
        mistakes.add(InvalidRequest("A whole number from {least} to {most}.", field=name, least=1, most=f"{most:,}"))
        return otherwise
    return int(text)


def _phone(text: str) -> str:
    """As it was typed; a spreadsheet takes the 0 in front of a mobile's number away, which can mean no other one."""
    if len(text) == _BARE_MOBILE and text.isascii() and text.isdigit():
        dialled = phone_digits(text)
        return text if dialled == text else f"{dialled[:3]}-{dialled[3:7]}-{dialled[7:]}"
    return text


def _begun(row: LinkRow, now: float) -> LinkRow:
    return replace(row, offer=replace(row.offer, expires_at=int(now) + row.days * DAY)) if row.offer else row
