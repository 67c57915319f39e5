"""`jangbu refund` fills in the tax-free part where it is known, and says the same thing twice all the same."""

from pathlib import Path

from services.operations.journal.journal import asked
from services.sandbox.world.world import Taxes
from tests.worlds.commands import make_shop


def test_a_whole_refund_names_the_tax_free_part_that_nobody_typed(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        imp_uid = shop.pay(10_000, pg_provider="payco", pay_method="payco")
        shop.sandbox.world.taxes[imp_uid] = Taxes(3_000, None)
        words = ("refund", imp_uid, "--full", "--reason", "변심", "--requester", "customer", "--json")
        first = shop.run(*words)
        assert (first.status, first.told["state"]) == (0, "succeeded")
        assert asked(shop.operation(1))["tax_free"] == 3_000
        assert shop.run(*words).told["operation"] == 1
        # Other words, with a part named as it was filled in, are the same wish.
        assert shop.run(*words, "--tax-free", "3,000").told["operation"] == 1
        assert shop.sandbox.payments[imp_uid]["cancel_amount"] == 10_000
