"""Settings in force, each with where it is set; of keys, secrets and passwords only whether they are set."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

import pandas as pd
import streamlit as st
from services.clock import DAY
from services.operations.journal.roster import Roster
from services.operations.journal.terms import APPROVAL_LIVES, FILE_LIVES, INTENT_LIVES
from sqlalchemy import make_url
from sqlalchemy.util import immutabledict

from dashboard.locale import LANGUAGES, _, ngettext
from dashboard.settings import Settings
from dashboard.words import formats, labels


@dataclass(frozen=True, slots=True)
class Limits:
    """From which amount in won a second person approves, None for never: what holds, and what the database keeps."""

    now: int | None
    kept: int | None
    is_kept: bool


def settings_in_force(settings: Settings, limits: Limits, revision: str) -> None:
    """Every setting but people's as it holds at this moment, with this version and the database's revision."""
    rows = [(_("A second person approves refunds from"), _limit(limits.now), _limit_from(settings, limits))]
    for name, (words, value) in _named(settings).items():
        rows.append((words, value, _from_setting(settings, name)))
    fixed = _("fixed in this version")
    rows += [
        (_("Version of Jangbu"), version("jangbu"), fixed),
        (_("Revision of the database"), revision, "jangbu migrate"),
        (_("Waits for approval at most"), formats.seconds(APPROVAL_LIVES), fixed),
        (_("A file's rows go within, once it is approved"), formats.seconds(FILE_LIVES), fixed),
        (_("What nobody carried out expires after"), formats.seconds(INTENT_LIVES), fixed),
    ]
    _table((_("Setting"), _("In force"), _("Set by")), rows, _("Settings in force, and where each is set"))


def roles_in_force(roster: Roster, *, signs_in: bool) -> None:
    """Who signs in with which role, and who is who at the command line."""
    if not signs_in:
        st.caption(_("Nobody has to sign in: whoever opens Jangbu here may do everything but approve."))
        return
    users = {email: user for user, email in roster.cli_users.items()}
    rows = [
        (name, labels.role(role), users.get(name, formats.NOTHING))
        for name, role in sorted({**roster.roles, **roster.stores}.items())
    ]
    _table((_("Person"), _("Role"), _("User at the command line")), rows, _("Roles by person"))
    st.caption(
        _(
            "Set by JANGBU_ROLES, JANGBU_STORE_ROLES and JANGBU_CLI_USERS of the app that serves, or by an "
            "administrator on the screen People; each change stands in the records."
        )
    )


def _named(settings: Settings) -> Mapping[str, tuple[str, str]]:
    return _installation(settings) | _alarms(settings) | _contracts(settings) | _rules(settings)


def _installation(settings: Settings) -> dict[str, tuple[str, str]]:
    return {
        "imp_api_url": (_("Address of the gateway"), settings.imp_api_url),
        "imp_key": (_("REST API key"), _is_set(settings.imp_key)),
        "imp_secret": (_("REST API secret"), _is_set(settings.imp_secret.get_secret_value())),
        "database_url": (_("Database"), without_password(settings.database_url)),
        "head_folder": (_("Folder of the audit's head, with PostgreSQL"), str(settings.head_folder)),
        "backup_folder": (_("Folder of backups"), str(settings.backup_folder)),
        "backup_hour": (_("A backup a day, in Korea at"), _hour(settings.backup_hour)),
        "backup_keep": (_("Backups that are kept"), str(settings.backup_keep)),
        "backup_passphrase": (
            _("Passphrase of backups"),
            _is_set(settings.backup_passphrase.get_secret_value()),
        ),
        "access_log_years": (_("Years that the access log is kept"), str(settings.access_log_years)),
        "host": (_("Address that is listened on"), settings.host),
        "port": (_("Port that is listened on"), str(settings.port)),
        "secrets_file": (_("File of the sign-in"), settings.secrets_file or ".streamlit/secrets.toml"),
        "order_url": (_("The shop's page of an order"), settings.order_url or formats.NOTHING),
        "public_url": (_("Address at which buyers open links"), settings.public_url or formats.NOTHING),
        "user_code": (_("The shop's identification code"), settings.user_code or formats.NOTHING),
        "tiers": (_("Sub-stores"), _tiers(settings)),
        "shop_name": (_("The shop's name for buyers"), settings.shop_name or formats.NOTHING),
        "shop_contact": (_("Where buyers ask"), settings.shop_contact or formats.NOTHING),
        "hook_secret": (_("Secret of the gateway's calls"), _is_set(settings.hook_secret.get_secret_value())),
        "inicis_api_key": (_("Inicis' key for virtual accounts"), _is_set(settings.inicis_api_key.get_secret_value())),
    }


def _alarms(settings: Settings) -> dict[str, tuple[str, str]]:
    people = ", ".join(f"{address} ({labels.role(role)})" for address, role in settings.alarm_mail_to.items())
    return {
        "alarm_smtp": (_("Alarms by mail are handed in at"), settings.alarm_smtp or formats.NOTHING),
        "alarm_smtp_user": (_("User there"), settings.alarm_smtp_user or formats.NOTHING),
        "alarm_smtp_password": (_("Password there"), _is_set(settings.alarm_smtp_password.get_secret_value())),
        "alarm_mail_from": (_("Sender of alarms"), settings.alarm_mail_from or formats.NOTHING),
        "alarm_mail_to": (_("Alarms by mail go to"), people or _("those who sign in")),
        "alarm_slack": (_("Alarms to Slack"), _is_set(settings.alarm_slack.get_secret_value())),
        "alarm_webhook": (_("Alarms to a webhook"), _is_set(settings.alarm_webhook.get_secret_value())),
        "alarm_quiet": (_("No alarms in Korea from"), _quiet(settings.alarm_quiet)),
        "alarm_language": (_("Alarms are written in"), LANGUAGES[settings.alarm_language]),
    }


def _contracts(settings: Settings) -> dict[str, tuple[str, str]]:
    return {
        "naverpay_use_day": (_("Naver Pay settles by the day of use"), _answer(settings.naverpay_use_day)),
        "naverpay_escrow_from": (_("Naver Pay orders are confirmed from"), _day(settings.naverpay_escrow_from)),
        "naverpay_points_from": (_("Naver Pay points are credited from"), _day(settings.naverpay_points_from)),
        "naverpay_high_risk": (_("High-risk shop at Naver Pay"), _answer(settings.naverpay_high_risk)),
        "checkout_refund_waits": (
            _("A second person says yes before a link's money goes back"),
            _answer(settings.checkout_refund_waits),
        ),
        "receipt_residents": (
            _("Cash receipts go to resident registration numbers too"),
            _answer(settings.receipt_residents),
        ),
        "allow_card_entry": (_("Cards are entered by hand"), _answer(settings.allow_card_entry)),
        "allow_identity_otp": (_("Staff type one-time numbers of verifications"), _answer(settings.allow_identity_otp)),
        "allow_benepia": (_("Buyers pay by Benepia points here"), _answer(settings.allow_benepia)),
    }


def _years(years: int) -> str:
    return ngettext("{n} year", "{n} years", years).format(n=years)


def _rules(settings: Settings) -> dict[str, tuple[str, str]]:
    return {
        "refund_confirm_from": (_("An amount is typed a second time from"), _limit(settings.refund_confirm_from)),
        "naverpay_minimum": (_("Least amount of a charge by Naver Pay"), _limit(settings.naverpay_minimum)),
        "mirror_days": (_("The mirror goes back"), formats.seconds(settings.mirror_days * DAY)),
        "keep_buyers_years": (_("Buyers are made anonymous after"), _years(settings.keep_buyers_years)),
        "reason_language": (_("Reasons are told to buyer and bank in"), LANGUAGES[settings.reason_language]),
        "recovery_automatic": (
            _("Failed schedules are booked again by themselves"),
            _answer(settings.recovery_automatic),
        ),
        "recovery_pay_days": (
            _("Days of the month on which they are tried again"),
            ", ".join(map(str, settings.recovery_pay_days)),
        ),
        "recovery_tries": (
            _("A failed schedule is tried again at most"),
            ngettext("{n} time", "{n} times", settings.recovery_tries).format(n=settings.recovery_tries),
        ),
        "session_hours": (_("A session lasts at the longest"), formats.seconds(settings.lasting.longest)),
        "session_idle_minutes": (_("A session without its person ends after"), formats.seconds(settings.lasting.idle)),
        "trusted_issuers": (
            _("Identity providers trusted without verified addresses"),
            ", ".join(settings.trusted_issuers) or formats.NOTHING,
        ),
    }


def _tiers(settings: Settings) -> str:
    return ", ".join(f"{code} {name}" if name != code else code for code, name in settings.tiers.items()) or (
        formats.NOTHING
    )


def _is_set(text: str) -> str:
    return _("set") if text else _("not set")


def _answer(is_so: bool) -> str:
    return _("yes") if is_so else _("no")


def _day(since: date | None) -> str:
    return since.isoformat() if since else _("not in the contract")


def _hour(hour: int | None) -> str:
    return _("never") if hour is None else f"{hour:02}:00"


def _quiet(hours: tuple[int, int] | None) -> str:
    if hours is None:
        return _("never")
    return _("{begin} to {end}").format(begin=_hour(hours[0]), end=_hour(hours[1]))


def without_password(address: str) -> str:
    """A database's address without what lets one in: parameters may hold a password too."""
    return make_url(address)._replace(password=None, query=immutabledict()).render_as_string()


def _limit(limit: int | None) -> str:
    return _("never") if limit is None else formats.money(limit, "KRW")


def _limit_from(settings: Settings, limits: Limits) -> str:
    if limits.is_kept and limits.now == limits.kept:
        return _("the database, by jangbu limits set")
    return _from_setting(settings, "refund_approval_from")


def _from_setting(settings: Settings, name: str) -> str:
    variable = f"JANGBU_{name.upper()}"
    return variable if name in settings.model_fields_set else _("{name} (default)").format(name=variable)


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], alt: str) -> None:
    told: Callable[[str], str] = formats.escape
    data = pd.DataFrame([[told(cell) for cell in row] for row in rows], columns=list(headings))
    st.table(data, border="horizontal", hide_index=True, alt=alt)
