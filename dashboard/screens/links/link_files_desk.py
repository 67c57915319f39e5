"""Files of links: looked at once and kept for the session, made in chunks; what became of the files there are."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services.checkout.checkouts import Channel
from services.checkout.files.link_files import Made, latest_files, links_of_file, make_links
from services.checkout.files.link_rows import LinkRun, dry_run
from services.checkout.offers import window_channels
from services.errors import InvalidRequest, JangbuError, SettingsError
from services.exports.csv_text import ListFile, list_file
from services.operations.files.batches import MOST_ROWS
from services.recovery.desk import Failed, list_failed
from services.store.lists.key_filters import KeyFilter
from services.store.lists.keys import KeyRow, search_billing_keys
from services.store.lists.system import list_channels
from services.subscriptions.reasons import Action
from services.tables.checkouts import CheckoutFile

from dashboard.access import Permission, User
from dashboard.kit.session import Slot
from dashboard.process.checkout import address_of, terms_of
from dashboard.process.executor import actor_of, name_of
from dashboard.process.resources import current_settings, open_session, open_store
from dashboard.screens.links.offer_desk import lacking
from dashboard.screens.recovery.desk_filters import DeskFilter
from dashboard.words.links.link_results import result_file

RENEWAL = ("customer_uid", "buyer_name", "buyer_tel")
"""The columns of the file of those who have to register again."""
_FILES = 10
_RUN: Slot[tuple[tuple[str, str], LinkRun | InvalidRequest] | None] = Slot("link_files.run", lambda: None)
"""The file and channel that were looked at last, and what each row would do."""
COUNT: Slot[int] = Slot("link_files.count", int)
"""How many files this session has brought: the next field for one is new and empty."""
MADE: Slot[Made | None] = Slot("link_files.made", lambda: None)
"""What became of the latest."""


@dataclass(frozen=True, slots=True)
class LinkFiles:
    """What lacks for links, channels that open a window, the latest files with how their links stand."""

    lacks: SettingsError | None
    channels: Sequence[Channel]
    files: Sequence[tuple[CheckoutFile, Mapping[str, int]]]


def read_files() -> LinkFiles:
    """All that the page shows of the store."""
    with open_session() as session:
        channels = window_channels(row.model_dump() for row in list_channels(session))
        return LinkFiles(lacking(), channels, latest_files(session, _FILES))


def looked_at(file: tuple[str, str], content: bytes, channel: Channel, *, anew: bool) -> LinkRun | InvalidRequest:
    """What each row of a file (its id and name) would do; looked at again when another comes or the person asks."""
    file_id, name = file
    kept, this = _RUN.get(), (file_id, channel.key)
    if anew or kept is None or kept[0] != this:
        try:
            with open_session() as session:
                kept = (this, dry_run(session, name, content, terms_of(channel), time.time()))
        except InvalidRequest as problem:
            kept = (this, problem)
        _RUN.put(kept)
    return kept[1]


def make(run: LinkRun, user: User, progress: Callable[[int, int], None]) -> JangbuError | None:
    """Makes the links; what stood in the way."""
    now = time.time()
    try:
        made = make_links(open_store(checked=False), run.begun_at(now), actor_of(user), now, progress)
    except JangbuError as problem:
        return problem
    MADE.put(made)
    COUNT.put(COUNT.get() + 1)
    _RUN.put(None)
    return None


def may_take(file: CheckoutFile, user: User) -> bool:
    """Whether a person may take the buyers of a file along: who brought it has them already."""
    return user.may(Permission.EXPORT) or file.made_by == name_of(user)


def result_of(file_id: int) -> ListFile:
    """The rows of a file with their links, as a file."""
    with open_session() as session:
        links = links_of_file(session, file_id)
    return ListFile(result_file(links, address_of, current_settings().shop_name), len(links))


def renewals_of_failed(chosen: DeskFilter) -> ListFile:
    """Those of Recovery whose buyers alone can mend it, as a file for many links."""
    with open_session() as session:
        found = list_failed(
            session,
            time.time(),
            action=Action.MEND,
            pg_provider=chosen.pg_provider,
            text=chosen.text,
            buyers=chosen.search_buyers,
            limit=MOST_ROWS,
        )
    return _renewals(found.rows)


def renewals_of_keys(chosen: KeyFilter) -> ListFile:
    """The billing keys of a filter, as a file for many links."""
    with open_session() as session:
        return _renewals(search_billing_keys(session, chosen, limit=MOST_ROWS).rows)


def _renewals(rows: Sequence[Failed | KeyRow]) -> ListFile:
    by_key = {row.customer_uid: (row.customer_uid, row.buyer_name, row.buyer_tel) for row in rows}
    return list_file(RENEWAL, list(by_key.values()))
