"""Sub-stores."""

import msgspec

from services.gateway.calls.caller import Caller, safe
from services.gateway.payloads import TierName

_one = msgspec.json.Decoder(TierName, strict=False).decode


class TierCalls(Caller):
    """No call lists them: the merchant knows their codes."""

    def tier_name(self, tier_code: str) -> TierName:
        """What a sub-store is called. Raises NotFound."""
        return self._http.get(f"/tiers/{safe(tier_code)}", {}, _one)
