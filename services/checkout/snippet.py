"""The JavaScript that a shop's developer pastes into their own site, made of a checked request."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Template
from typing import Any

import msgspec

from services.checkout.parameters.request import as_v1
from services.plain_text import in_json

SERVER = "/payments/complete"
"""Where the shop's own server takes the two ids, unless its developer names another place."""
_NEW_SDK = '<script src="https://cdn.iamport.kr/v1/iamport.js"></script>'
_OLD_SDK = """<script src="https://code.jquery.com/jquery-3.7.1.min.js"></script>
<script src="https://cdn.iamport.kr/js/iamport.payment-1.2.0.js"></script>"""
_ENCODE = msgspec.json.Encoder(decimal_format="number").encode
_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})

_TELL = """\
  // The words of the PG are shown as they came, alone in their place.
  // Nothing here says whether it is paid: the server reads GET /payments/{imp_uid} and compares the amount.
  function tell(answer) {
    document.getElementById("payment-error").textContent = answer.error_msg || "";
    fetch($server, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ imp_uid: answer.imp_uid, merchant_uid: answer.merchant_uid }),
    })
      .then(function (reply) { return reply.text(); })
      .then(function (text) { document.getElementById("payment-state").textContent = text; });
  }
"""
_PLACES = """\
<p id="payment-error" role="alert" style="white-space: pre-wrap"></p>
<p id="payment-state" role="status"></p>
"""
_PAGE = Template(f"""\
$sdk
<button type="button" id="payment-button">$button</button>
{_PLACES}
<script>
  IMP.init($user_code);

  // The server writes these for every attempt: a new merchant_uid, and the amount that it has registered before
  // (POST /payments/prepare).
  const request = $request;

{_TELL}
  // The window opens in the click itself: browsers block one that anything was waited for.
  document.getElementById("payment-button").addEventListener("click", function () {{
    IMP.request_pay(request, tell);
  }});
</script>
""")
_BACK = Template(f"""\
{_PLACES}
<script>
{_TELL}
  const answer = new URLSearchParams(window.location.search);
  tell({{
    imp_uid: answer.get("imp_uid"),
    merchant_uid: answer.get("merchant_uid"),
    error_msg: answer.get("error_msg"),
  }});
</script>
""")


@dataclass(frozen=True, slots=True)
class Snippet:
    """HTML with JavaScript: the page with the button, and the one that buyers come back to."""

    page: str
    back: str | None
    """None where nobody comes back by an address: `m_redirect_url` is not among the parameters."""


def snippet(request: Mapping[str, Any], *, pg: str, user_code: str, server: str = SERVER) -> Snippet:
    """The snippet of a request as checked_request gives it: by `pg` for the old SDK, by `channelKey` for the new one.

    `user_code` is the merchant's public code (imp with eight digits), `server` where the two ids are sent.
    """
    told = {
        "sdk": _OLD_SDK if "pg" in request else _NEW_SDK,
        "button": "Register" if "customer_uid" in request else "Pay",
        "user_code": as_javascript(user_code),
        "request": _indented(as_v1(request, pg)),
        "server": as_javascript(server),
    }
    return Snippet(_PAGE.substitute(told), _BACK.substitute(told) if "m_redirect_url" in request else None)


def as_javascript(value: object) -> str:
    """A value as a JavaScript expression that stays one inside of `<script>`, whatever its texts hold."""
    return _embedded(_ENCODE(value))


def _indented(value: object) -> str:
    return _embedded(msgspec.json.format(_ENCODE(value), indent=2)).replace("\n", "\n  ")


def _embedded(json: bytes) -> str:
    escaped = json.decode().translate(_ESCAPED)
    return in_json(escaped)
