"""Couriers by V1's codes, the same at every PG. What V1 does not know silently becomes ETC: there are no others."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache


class Courier(StrEnum):
    """In the order in which they are offered."""

    CJ = "CJGLS"
    POST = "EPOST"
    HANJIN = "HANJIN"
    LOTTE = "HYUNDAI"
    LOGEN = "KGB"
    DAESIN = "DAESIN"
    HANARO = "HANARO"
    SC_LOGIS = "SAGAWA"
    YELLOW_CAP = "YELLOWCAP"
    DONGBU = "DONGBU"
    OTHER = "ETC"


_WRITTEN = {
    Courier.CJ: ("CJ대한통운", "대한통운", "CJ", "CJ Logistics"),
    Courier.POST: ("우체국택배", "우체국", "Korea Post"),
    Courier.HANJIN: ("한진택배", "한진"),
    Courier.LOTTE: ("롯데택배", "롯데글로벌로지스", "롯데", "현대택배", "Lotte"),
    Courier.LOGEN: ("로젠택배", "로젠", "Logen"),
    Courier.DAESIN: ("대신택배", "대신"),
    Courier.HANARO: ("하나로택배", "하나로"),
    Courier.SC_LOGIS: ("SC로지스", "사가와"),
    Courier.YELLOW_CAP: ("옐로우캡", "옐로우캡택배"),
    Courier.DONGBU: ("동부택배", "동부"),
    Courier.OTHER: ("기타", "Other"),
}


def courier_of(text: str) -> Courier | None:
    """The courier that somebody wrote in a file, by its code or as people call it; None for no such."""
    return _known().get(_plain(text))


@cache
def _known() -> Mapping[str, Courier]:
    codes = {_plain(one): one for one in Courier}
    return codes | {_plain(name): one for one, names in _WRITTEN.items() for name in names}


def _plain(text: str) -> str:
    return text.replace(" ", "").casefold()
