"""What a payment is made up of."""

import msgspec

from services.gateway.calls.caller import Caller, safe
from services.gateway.payloads import Balance

_balance = msgspec.json.Decoder(Balance, strict=False).decode


class BalanceCalls(Caller):
    """Told for one PG alone: see services/balances/pg_rules.toml."""

    def balance(self, imp_uid: str) -> Balance:
        """By what a payment was paid, and how that is taxed, after refunds. Raises NotFound."""
        return self._http.get(f"/payments/{safe(imp_uid)}/balance", {}, _balance)
