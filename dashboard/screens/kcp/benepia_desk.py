"""A payment by Benepia's points: the channels that take them, how many a buyer has, and writing the payment down."""

from collections.abc import Mapping, Sequence
from functools import partial

from services.identity.pg_rules import Ability, able
from services.operations.actions.kcp.benepia import BenepiaForm, require_account, wanted_benepia
from services.operations.journal.journal import Wanted
from services.store.lists.system import list_channels
from services.tables.journal import OperationKind
from services.tables.v1 import Channel

from dashboard.kit.session import Slot
from dashboard.process.answers import PrivateAnswer, PrivateAnswers
from dashboard.process.resources import open_gateway, open_session
from dashboard.screens.asking import drafts
from dashboard.screens.asking.drafts import Draft

points: PrivateAnswers[int] = PrivateAnswers("benepia")
_ASKED: Slot[str | None] = Slot("benepia_points", lambda: None)


def channels() -> Sequence[Channel]:
    """Those that take Benepia points, live ones first."""
    with open_session() as session:
        return able(list_channels(session), Ability.BENEPIA)


def draft() -> Draft:
    """The form of a payment."""
    return drafts.draft_of("benepia", OperationKind.BENEPIA_PAYMENT)


def wanted(form: BenepiaForm) -> Wanted:
    """The intent. Raises InvalidRequest."""
    return wanted_benepia(draft().token, form)


def hold(form: BenepiaForm) -> Mapping[str, str]:
    """The buyer's account, sent once and kept nowhere."""
    return {"benepia_user": form.user.strip(), "benepia_password": form.password}


def ask_points(form: BenepiaForm) -> None:
    """Begins to ask how many points a buyer has. Raises InvalidRequest."""
    require_account(form.user, form.password)
    key = form.channel.channel_key if form.channel else None
    gateway, account = open_gateway(), (form.user.strip(), form.password)
    _ASKED.put(points.begin(partial(gateway.benepia_points, key or "", account)))


def told_points() -> tuple[str, PrivateAnswer[int]] | None:
    """What was asked for, and what came of it; None where nothing was, or its minute is over."""
    ticket = _ASKED.get()
    answer = points.told(ticket) if ticket else None
    return (ticket, answer) if ticket and answer else None
