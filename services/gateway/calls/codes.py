"""Standard codes of banks and card companies."""

import msgspec

from services.gateway.calls.caller import Caller, safe
from services.gateway.payloads import CodeName

_one = msgspec.json.Decoder(CodeName, strict=False).decode
_all = msgspec.json.Decoder(list[CodeName], strict=False).decode


class CodeCalls(Caller):
    """Names alone: what a PG calls a bank in `vbank_code` or `refund_bank` is its own."""

    def codes(self, kind: str) -> list[CodeName]:
        """All of a kind, `banks` or `cards`."""
        return self._http.get(f"/{safe(kind)}", {}, _all)

    def code(self, kind: str, code: str) -> CodeName:
        """One of a kind. Raises NotFound."""
        return self._http.get(f"/{safe(kind)}/{safe(code)}", {}, _one)
