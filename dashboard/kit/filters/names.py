"""Names by which fields are set in a search box: one that several lists have is the same on all of them."""

from dashboard.kit.filters.query import Typed

STATUS = Typed(("status", "state", "상태"))
AMOUNT = Typed(("amount", "금액"))
PERIOD = Typed(("period", "date", "날짜", "기간"))
PG = Typed(("pg", "PG", "PG사"))
METHOD = Typed(("method", "수단", "결제수단"))
CARD = Typed(("card", "카드", "카드사"))
REFUNDED = Typed(("refunded", "환불"))
KIND = Typed(("kind", "종류"))
CHANNEL = Typed(("channel", "채널"))
CURRENCY = Typed(("currency", "통화"))
BASIS = Typed(("by", "기준"))
STORE = Typed(("store", "tier", "상점"))
KEY = Typed(("key", "빌링키"))
