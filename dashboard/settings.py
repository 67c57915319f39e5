"""Settings: environment variables or a `.env` file, typed, read once; the README lists every one."""

import os
import re
from collections import Counter
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from services.backup.seal import LEAST
from services.errors import SettingsError
from services.stated import Language

from dashboard.setting_errors import told

ENV_FILE = Path(".env")
_PREFIX = "JANGBU_"
_SECRET = re.compile("[A-Za-z0-9_-]{16,}")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Role(StrEnum):
    """What a signed-in person may be; dashboard/access.py says what each may do."""

    VIEWER = "viewer"
    SUPPORT = "support"
    FINANCE = "finance"
    MANAGER = "manager"
    ADMIN = "admin"


class Settings(BaseSettings):
    """Every setting there is, by its name without the JANGBU_ in front."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        # A wrong value may be a secret that slipped into the wrong line: it is never repeated.
        hide_input_in_errors=True,
    )

    imp_api_url: str = Field(default="https://api.iamport.kr", pattern=r"^https?://[^/\s]+")
    imp_key: str = ""
    imp_secret: SecretStr = SecretStr("")
    database_url: str = Field(default="sqlite:///var/jangbu.db", pattern=r"^(sqlite|postgresql)(\+[a-z0-9_]+)?://")
    head_folder: Path = Path("var")
    """Where the head of a PostgreSQL database's audit chain is kept; SQLite's lies beside its file."""
    backup_folder: Path = Path("var/backups")
    """Where `jangbu backup`, `migrate` and the daily backup write."""
    backup_hour: int | None = Field(default=None, ge=0, le=23)
    """The hour in Korea at which the app takes a backup a day. None: it takes none."""
    backup_keep: int = Field(default=14, ge=1)
    """How many backups stay in their folder."""
    backup_passphrase: SecretStr = SecretStr("")
    """What backups are sealed with, 12 characters or more; empty: they are not."""
    mirror_days: int = Field(default=1_125, ge=1, le=3650)
    """Naver Pay refunds for 1,095 days."""
    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8501, ge=1, le=65535)
    naverpay_minimum: int = Field(default=100, ge=0)
    """Won; below it a charge on a Naver Pay key is not sent, and no link asks for it."""
    refund_approval_from: int | None = Field(default=None, ge=0)
    """Won; from this amount on, and in every other currency, a second person approves a refund. None: never."""
    refund_confirm_from: int = Field(default=1_000_000, ge=0)
    """Won; from this amount on the amount is typed a second time."""
    reason_language: Language = Language.KOREAN
    """What chosen reasons are told in to gateway, buyer and bank, whatever the screen's language is."""
    recovery_automatic: bool = False
    """Whether failed schedules that may pass by themselves are booked again without a person."""
    recovery_pay_days: Annotated[tuple[Annotated[int, Field(ge=1, le=31)], ...], NoDecode] = Field(
        default=(10, 15, 25, 31), min_length=1
    )
    """Days of the month on which what failed for want of money is tried again; 31 is the last day."""
    recovery_tries: int = Field(default=3, ge=1, le=3)
    """How often a failed schedule is tried again."""
    roles: Annotated[dict[str, Role], NoDecode] = Field(default_factory=dict)
    """E-mail address in lower case -> role."""
    trusted_issuers: Annotated[tuple[str, ...], NoDecode] = ()
    """Identity providers whose every address counts as verified, though they do not send `email_verified`."""
    order_url: str = Field(default="", pattern=r"^(https?://[^\s<>()\\]*\{merchant_uid\}[^\s<>()\\]*)?$")
    """Where the shop shows an order, with {merchant_uid} in the place of its number; empty: no link."""
    public_url: str = Field(default="", pattern=r"^(https?://[^/?#\s]+)?/?$")
    """Where buyers, and the gateway, reach /pay/, /webhook/ and /confirm/; empty: where the dashboard is."""
    user_code: str = Field(default="", pattern=r"^(imp[0-9]{8,10})?$")
    """The shop's identification code (가맹점 식별코드) of the console: the payment window asks for it."""
    shop_name: str = Field(default="", max_length=60)
    """As buyers know it: stands above what they pay."""
    shop_contact: str = Field(default="", max_length=120)
    """A phone number or address for buyers' questions."""
    naverpay_use_day: bool = False
    """Whether the contract with Naver Pay settles by the day of use, so that every payment names it."""
    naverpay_escrow_from: date | None = None
    """The first day in Korea of an escrow contract with Naver Pay, whose orders are confirmed. None: there is none."""
    naverpay_points_from: date | None = None
    """The first day in Korea from which on the shop has Naver Pay credit points itself. None: Naver Pay does it."""
    naverpay_high_risk: bool = False
    """Whether Naver Pay counts the shop as a high-risk one, and asks who buys."""
    hook_secret: SecretStr = SecretStr("")
    """The last part of the addresses that the gateway calls, /webhook/… and /confirm/…; empty: nobody is answered."""
    checkout_refund_waits: bool = False
    """Whether a second person says yes before what was altered, or paid twice, goes back."""
    receipt_residents: bool = False
    """Whether the shop has a legal ground to issue receipts to resident registration numbers."""
    inicis_api_key: SecretStr = SecretStr("")
    """The INIAPI key of Inicis' own site, which issuing and revoking its virtual accounts wants; empty: not done."""
    allow_identity_otp: bool = False
    """Whether staff may have one-time numbers sent and type them: what fraudsters ask for."""
    allow_benepia: bool = False
    """Whether buyers may type their Benepia password here, to pay by points."""
    allow_card_entry: bool = False
    """Whether an admin may type cards' numbers, which brings Jangbu into the scope of PCI DSS."""
    tiers: Annotated[dict[Annotated[str, Field(pattern=r"^[A-Z0-9]{3}$")], str], NoDecode] = Field(default_factory=dict)
    """Code of each sub-store (V1's `Tier`) -> what it is called here."""
    secrets_file: str = ""
    """Where `[auth]` stands; empty: .streamlit/secrets.toml of the project's own folder."""
    cli_users: Annotated[dict[str, str], NoDecode] = Field(default_factory=dict)
    """User of this machine -> the e-mail address by which they sign in."""

    @property
    def is_sandbox(self) -> bool:
        """Whether the gateway is one on this machine, and so moves no money."""
        return urlsplit(self.imp_api_url).hostname in _LOOPBACK

    @field_validator("imp_api_url")
    @classmethod
    def _keeps_the_secret(cls, value: str) -> str:
        """The key and secret travel there: encrypted, and no password stands in an address that screens show."""
        parts = urlsplit(value)
        if parts.username is not None or parts.password is not None:
            raise ValueError("user and password in the address")
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise ValueError("not encrypted")
        return value

    @field_validator("hook_secret")
    @classmethod
    def _is_not_guessed(cls, value: SecretStr) -> SecretStr:
        """It is all that tells the gateway's calls from a stranger's, and stands in an address as it is."""
        if value.get_secret_value() and not _SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("short, or not for an address")
        return value

    @field_validator("backup_passphrase")
    @classmethod
    def _is_long(cls, value: SecretStr) -> SecretStr:
        """Whoever has the file can try as many as they want."""
        if value.get_secret_value() and len(value.get_secret_value()) < LEAST:
            raise ValueError("short")
        return value

    @field_validator("recovery_pay_days", mode="before")
    @classmethod
    def _split_days(cls, value: object) -> object:
        """`10,15,25,31` as a tuple."""
        return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value

    @field_validator("cli_users", "roles", "tiers", mode="before")
    @classmethod
    def _split_pairs(cls, value: object, info: ValidationInfo) -> object:
        """`hong@x.kr=finance,kim@x.kr=support` as a dict."""
        read = {"cli_users": _users, "roles": _roles, "tiers": _tiers}[info.field_name or ""]
        return read(_pairs(value)) if isinstance(value, str) else value

    @field_validator("trusted_issuers", mode="before")
    @classmethod
    def _split_issuers(cls, value: object) -> object:
        """`https://a.example,https://b.example` as a tuple."""
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _users(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Users with their addresses; what is no address is refused."""
    if not all(name and "@" in email and email.isascii() for name, email in pairs):
        raise ValueError("no address")
    return {name: email.lower() for name, email in pairs}


def _roles(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Addresses with their roles; an address twice, or with other letters than ASCII's, is refused."""
    emails = [email for email, _role in pairs]
    if not all(email.isascii() for email in emails) or max(Counter(map(str.lower, emails)).values(), default=1) > 1:
        raise ValueError("an address twice, or with letters that look like others")
    return {email.lower(): role.lower() for email, role in pairs}


def _tiers(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Codes with their names, or with themselves where they have none; a code twice is refused."""
    if len({code for code, _name in pairs}) < len(pairs):
        raise ValueError("a code twice")
    return {code: name or code for code, name in pairs}


def _pairs(text: str) -> list[tuple[str, str]]:
    """`a=b,c=d` as pairs; what has no sign goes with an empty text."""
    entries = (entry.partition("=") for entry in text.split(",") if entry.strip())
    return [(name.strip(), value.strip()) for name, _sign, value in entries]


def load_settings(*, require_gateway: bool = True, env_file: Path = ENV_FILE) -> Settings:
    """Reads environment and `.env`. Raises SettingsError: it names what to mend and repeats no value but a role."""
    placed: dict[str, Any] = {"_env_file": env_file}
    try:
        settings = Settings(**placed)
    except ValidationError as error:
        raise told(error, _PREFIX, Role) from None
    missing = ", ".join(_missing_credentials(settings)) if require_gateway else ""
    if missing and (strange := unknown_names(env_file)):
        raise SettingsError(
            "{names} must be set: the REST API key and secret of the merchant's console. "
            "What is set has a name that no setting has: {strange}.",
            names=missing, strange=", ".join(strange),
        )  # fmt: skip
    if missing:
        raise SettingsError(
            "{names} must be set, in the environment or in a .env file: "
            "the REST API key and secret of the merchant's console.",
            names=missing,
        )
    return settings


def unknown_names(env_file: Path = ENV_FILE) -> list[str]:
    """What is set under a name that no setting has, with the nearest name there is: `JANGBU_ROLSE (JANGBU_ROLES?)`."""
    known = [field.upper() for field in Settings.model_fields]
    given = {name.upper() for name in (*os.environ, *dotenv_values(env_file, encoding="utf-8"))}
    strange = sorted({name.removeprefix(_PREFIX) for name in given if name.startswith(_PREFIX)}.difference(known))
    nearest = [get_close_matches(name, known, 1) for name in strange]
    return [
        f"{_PREFIX}{name} ({_PREFIX}{near[0]}?)" if near else _PREFIX + name
        for name, near in zip(strange, nearest, strict=True)
    ]


def _missing_credentials(settings: Settings) -> list[str]:
    given = {"IMP_KEY": settings.imp_key, "IMP_SECRET": settings.imp_secret.get_secret_value()}
    # Dots alone are what an example holds in the place of a key.
    return [_PREFIX + name for name, value in given.items() if not value.strip(" .…")]
