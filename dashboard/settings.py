"""Settings: environment variables or a `.env` file, typed, read once; the README lists every one."""

import os
import re
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings import SettingsError as SourceError
from services.backup.seal import LEAST
from services.errors import SettingsError
from services.people.lasting import HOURS, IDLE_MINUTES, MOST_HOURS, Lasting
from services.privacy.terms import LEAST_YEARS
from services.stated import Language

from dashboard.setting_errors import told
from dashboard.setting_pairs import pairs_of, read_roles, read_store_roles, read_tiers, read_users

ENV_FILE = Path(".env")
_PREFIX = "JANGBU_"
_SECRET = re.compile("[A-Za-z0-9_-]{16,}")
_HOURS = re.compile(r"(\d{1,2})\s*-\s*(\d{1,2})")
_LAST_HOUR = 23
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""What this machine calls itself; no name that somebody else answers for."""


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
    access_log_years: int = Field(default=2, ge=1, le=10)
    """How long entries of the access log stay: the law asks for two from 50,000 people on, for one below."""
    mirror_days: int = Field(default=1_125, ge=1, le=3650)
    """Naver Pay refunds for 1,095 days."""
    keep_buyers_years: int = Field(default=LEAST_YEARS, ge=LEAST_YEARS, le=100)
    """Years after a payment, and after its last refund, at the end of which its buyer is made anonymous."""
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
    store_roles: Annotated[dict[str, Role], NoDecode] = Field(default_factory=dict)
    """Other roles in single sub-stores, by address and code: `kim@example.com/ABC`."""
    session_hours: int = Field(default=HOURS, ge=1, le=MOST_HOURS)
    """How long a sign-in lasts at the longest."""
    session_idle_minutes: int = Field(default=IDLE_MINUTES, ge=1, le=MOST_HOURS * 60)
    """After how long without the person it ends."""
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
    alarm_smtp: str = Field(default="", pattern=r"^(smtps?://[^/@?#\s]+/?)?$")
    """Where alarms are handed in as mail: smtps:// is SSL, smtp:// STARTTLS, and plain on this machine. Empty: none."""
    alarm_smtp_user: str = ""
    alarm_smtp_password: SecretStr = SecretStr("")
    alarm_mail_from: str = Field(default="", pattern=r"^([^@\s<>]+@[^@\s<>]+)?$")
    """The sender of alarms; empty: the user, where that is an address."""
    alarm_mail_to: Annotated[dict[str, Role], NoDecode] = Field(default_factory=dict)
    """Address in lower case -> the role whose alarms it gets; empty: those who sign in, by their own."""
    alarm_slack: SecretStr = SecretStr("")
    """The address of an incoming webhook of Slack."""
    alarm_webhook: SecretStr = SecretStr("")
    """An address that every alarm is posted to as JSON."""
    alarm_quiet: Annotated[tuple[int, int] | None, NoDecode] = None
    """Hours in Korea in which nobody is told, from the first up to the second, over midnight too. None: none."""
    alarm_language: Language = Language.KOREAN
    """What alarms are written in."""
    secrets_file: str = ""
    """Where `[auth]` stands; empty: .streamlit/secrets.toml of the checkout, or of the folder it is started from."""
    token: SecretStr = SecretStr("")
    """Of whoever runs a command, as their screen showed it once; the app needs none."""
    cli_users: Annotated[dict[str, str], NoDecode] = Field(default_factory=dict)
    """User of this machine -> the e-mail address by which they sign in."""

    @property
    def is_sandbox(self) -> bool:
        """Whether the gateway is one on this machine, and so moves no money."""
        return urlsplit(self.imp_api_url).hostname in LOOPBACK

    @property
    def lasting(self) -> Lasting:
        """How long a session opens something."""
        return Lasting(self.session_hours * 3600, self.session_idle_minutes * 60)

    @field_validator("imp_api_url")
    @classmethod
    def _keeps_the_secret(cls, value: str) -> str:
        """The key and secret travel there: encrypted, and no password stands in an address that screens show."""
        parts = urlsplit(value)
        if parts.username is not None or parts.password is not None:
            raise ValueError("user and password in the address")
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
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

    @field_validator("alarm_smtp")
    @classmethod
    def _has_a_port(cls, value: str) -> str:
        """A port that is none is told at the start, and not when something is the matter."""
        _ = urlsplit(value).port
        return value

    @field_validator("alarm_slack", "alarm_webhook")
    @classmethod
    def _is_posted_to_in_secret(cls, value: SecretStr) -> SecretStr:
        """What is posted there names operations: encrypted, unless it stays on this machine."""
        parts = urlsplit(value.get_secret_value())
        if value.get_secret_value() and not (
            parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))
        ):
            raise ValueError("no address, or not encrypted")
        return value

    @field_validator("alarm_quiet", mode="before")
    @classmethod
    def _split_hours(cls, value: object) -> object:
        """`22-8` as (22, 8)."""
        if not isinstance(value, str):
            return value
        found = _HOURS.fullmatch(value.strip())
        if found is None or found[1] == found[2] or max(hours := (int(found[1]), int(found[2]))) > _LAST_HOUR:
            raise ValueError("no two hours")
        return hours

    @field_validator("alarm_mail_to", "cli_users", "roles", "store_roles", "tiers", mode="before")
    @classmethod
    def _split_pairs(cls, value: object, info: ValidationInfo) -> object:
        """`hong@x.kr=finance,kim@x.kr=support` as a dict."""
        read = {
            "cli_users": read_users,
            "roles": read_roles,
            "alarm_mail_to": read_roles,
            "store_roles": read_store_roles,
            "tiers": read_tiers,
        }
        return read[info.field_name or ""](pairs_of(value)) if isinstance(value, str) else value

    @field_validator("trusted_issuers", mode="before")
    @classmethod
    def _split_issuers(cls, value: object) -> object:
        """`https://a.example,https://b.example` as a tuple."""
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def load_settings(*, require_gateway: bool = True, env_file: Path = ENV_FILE) -> Settings:
    """Reads environment, `.env` and files of secrets, in this order.

    Raises SettingsError: it names what to mend and repeats no value but a role.
    """
    placed: dict[str, Any] = {"_env_file": env_file, "_secrets_dir": _secrets_folder()}
    try:
        settings = Settings(**placed)
    except (OSError, SourceError) as error:
        raise SettingsError(
            "{place} cannot be read: it has to be a text file in UTF-8 that belongs to the user who starts Jangbu.",
            place=getattr(error.__cause__ or error, "filename", None) or _secrets_folder() or env_file,
        ) from None
    except ValidationError as error:
        raise told(error, _PREFIX, Role) from None
    _require_known_stores(settings)
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


def _require_known_stores(settings: Settings) -> None:
    for key in settings.store_roles:
        email, _slash, tier = key.rpartition("/")
        if email not in settings.roles or tier not in settings.tiers:
            raise SettingsError(
                "JANGBU_STORE_ROLES has {key}: give the address a role in JANGBU_ROLES first, and name the store in "
                "JANGBU_TIERS.",
                key=key,
            )


def unknown_names(env_file: Path = ENV_FILE) -> list[str]:
    """What is set under a name that no setting has, with the nearest name there is: `JANGBU_ROLSE (JANGBU_ROLES?)`."""
    known = [field.upper() for field in Settings.model_fields]
    files = [file.name for file in folder.iterdir()] if (folder := _secrets_folder()) else []
    given = {name.upper() for name in (*os.environ, *dotenv_values(env_file, encoding="utf-8"), *files)}
    strange = sorted({name.removeprefix(_PREFIX) for name in given if name.startswith(_PREFIX)}.difference(known))
    nearest = [get_close_matches(name, known, 1) for name in strange]
    return [
        f"{_PREFIX}{name} ({_PREFIX}{near[0]}?)" if near else _PREFIX + name
        for name, near in zip(strange, nearest, strict=True)
    ]


def _secrets_folder() -> Path | None:
    """Where systemd, and compose.yaml, put what is secret: a file for each setting, like jangbu_imp_secret."""
    folder = Path(os.environ.get("CREDENTIALS_DIRECTORY") or os.devnull)
    return folder if folder.is_dir() else None


def _missing_credentials(settings: Settings) -> list[str]:
    given = {"IMP_KEY": settings.imp_key, "IMP_SECRET": settings.imp_secret.get_secret_value()}
    # Dots alone are what an example holds in the place of a key.
    return [_PREFIX + name for name, value in given.items() if not value.strip(" .…")]
