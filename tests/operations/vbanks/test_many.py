"""Many accounts revoked at once: what each row would do, and each is sent by itself."""

import pytest

from services.errors import InvalidRequest
from services.operations.files import accounts, batches
from services.store.engine import reading
from tests.operations.vbanks.desks import waiting
from tests.worlds.operations.desk import SUPPORT, Desk

UIDS = ("imp_a", "imp_b", "imp_paid", "imp_nobody")


def mirrored(desk: Desk) -> None:
    waiting(desk, "settle", "imp_a")
    waiting(desk, "galaxia", "imp_b", pay_method="cvs", vbank_num=None)
    waiting(desk, "settle", "imp_paid")
    desk.sandbox.deposit("imp_paid")
    for uid in UIDS[:3]:
        desk.keep(uid)


def test_each_row_is_looked_at_and_those_that_fit_are_revoked(desk: Desk) -> None:
    mirrored(desk)
    with reading(desk.engine) as conn:
        run = accounts.dry_run(conn, "t", "chosen", [*UIDS, "imp_a"], has_key=True)
    assert [row.problem is None for row in run.rows] == [True, True, False, False]
    assert (run.ready, run.amount) == (False, 66_000)
    batches.submit(desk.engine, run.fitting(), SUPPORT, desk.times.ours())
    desk.run(120)
    rows = desk.sandbox.payments
    assert [rows[uid]["status"] for uid in UIDS[:3]] == ["cancelled", "cancelled", "paid"]
    assert desk.gate.posts == 2


def test_none_chosen_is_told(desk: Desk) -> None:
    with reading(desk.engine) as conn, pytest.raises(InvalidRequest):
        accounts.dry_run(conn, "t", "chosen", [], has_key=True)
