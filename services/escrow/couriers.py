"""Couriers by V1's codes, the same at every PG. What V1 does not know silently becomes ETC: there are no others."""

from enum import StrEnum


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
