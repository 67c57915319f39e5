"""What is wrong with a setting, as a whole sentence that repeats no value: it may be a secret in the wrong line."""

import re
from collections.abc import Iterable

from pydantic import ValidationError
from services.errors import SettingsError, says

_ROLE_WORD = re.compile(r"[a-z]{1,20}")

_TRUE_OR_FALSE = says("{name} is not usable: it should be true or false.")
_POSTED_TO = says("{name} is not usable: it should be an https address, or http to this machine.")
_WRONG = {
    "imp_api_url": says(
        "{name} is not usable: it should be the gateway's address, like https://api.iamport.kr, "
        "http only to this machine, and without a password in it."
    ),
    "database_url": says(
        "{name} is not usable: it should be like sqlite:///var/jangbu.db or postgresql://user@host/name."
    ),
    "head_folder": says("{name} is not usable: it should be a folder, like var."),
    "backup_folder": says("{name} is not usable: it should be a folder, like var."),
    "backup_hour": says("{name} is not usable: it should be an hour in Korea from 0 to 23, or empty for none."),
    "backup_keep": says("{name} is not usable: it should be a whole number of backups, 1 or more."),
    "backup_passphrase": says("{name} is not usable: it should be 12 characters or more, by chance."),
    "mirror_days": says("{name} is not usable: it should be a whole number of days from 1 to 3650."),
    "keep_buyers_years": says(
        "{name} is not usable: it should be a whole number of years, 5 or more: the Act on Consumer Protection in "
        "Electronic Commerce has records of payments kept for five."
    ),
    "host": says("{name} is not usable: it should be an address to listen on, like 127.0.0.1."),
    "port": says("{name} is not usable: it should be a number from 1 to 65535."),
    "naverpay_minimum": says("{name} is not usable: it should be a whole number of won."),
    "refund_approval_from": says("{name} is not usable: it should be a whole number of won, or empty for never."),
    "refund_confirm_from": says("{name} is not usable: it should be a whole number of won."),
    "reason_language": says("{name} is not usable: it should be ko or en."),
    "recovery_automatic": _TRUE_OR_FALSE,
    "recovery_pay_days": says(
        "{name} is not usable: it should be days of the month like 10,15,25,31; 31 is the last day."
    ),
    "recovery_tries": says("{name} is not usable: it should be 1, 2 or 3."),
    "session_hours": says("{name} is not usable: it should be a number of hours from 1 to 24."),
    "session_idle_minutes": says("{name} is not usable: it should be a number of minutes from 1 to 1440."),
    "order_url": says(
        "{name} is not usable: it should be like https://shop.example/orders/{{merchant_uid}}, "
        "with {{merchant_uid}} in it."
    ),
    "public_url": says(
        "{name} is not usable: it should be like https://pay.shop.example, with nothing behind the host."
    ),
    "user_code": says("{name} is not usable: it should be like imp12345678, the shop's identification code."),
    "naverpay_use_day": _TRUE_OR_FALSE,
    "naverpay_high_risk": _TRUE_OR_FALSE,
    "hook_secret": says(
        "{name} is not usable: it should be 16 letters, digits, - and _ or more, by chance, so that nobody guesses it."
    ),
    "checkout_refund_waits": _TRUE_OR_FALSE,
    "receipt_residents": _TRUE_OR_FALSE,
    "allow_card_entry": _TRUE_OR_FALSE,
    "alarm_smtp": says(
        "{name} is not usable: it should be like smtps://smtp.example.com or smtp://smtp.example.com:587, "
        "with user and password in settings of their own."
    ),
    "alarm_mail_from": says("{name} is not usable: it should be an e-mail address."),
    "alarm_mail_to": says(
        "{name} is not usable: it should be like hong@example.com=finance,kim@example.com=support, "
        "each address once; roles are {roles}."
    ),
    "alarm_slack": _POSTED_TO,
    "alarm_webhook": _POSTED_TO,
    "alarm_quiet": says("{name} is not usable: it should be two hours in Korea like 22-8, or empty for none."),
    "alarm_language": says("{name} is not usable: it should be ko or en."),
    "cli_users": says(
        "{name} is not usable: it should be like hong=hong@example.com,kim=kim@example.com: "
        "user of this machine, and their address."
    ),
    "roles": says(
        "{name} is not usable: it should be like hong@example.com=finance,kim@example.com=support, "
        "each address once; roles are {roles}."
    ),
    "store_roles": says(
        "{name} is not usable: it should be like kim@example.com/ABC=finance, an address and the code of a sub-store, "
        "each pair once; roles are {roles}."
    ),
    "tiers": says(
        "{name} is not usable: it should be like ABC=Gangnam,DEF: codes of three capital letters or digits, each once."
    ),
    "trusted_issuers": says(
        "{name} is not usable: it should be like https://login.example.com,https://sso.example.com."
    ),
}
_NO_TEXT = says("{name} is not usable: it should be a text.")


def told(error: ValidationError, prefix: str, roles: Iterable[str]) -> SettingsError:
    """The first thing that is wrong; of what was typed a word in the place of a role alone."""
    first = error.errors()[0]
    field, typed = str(first["loc"][0]), str(first["input"])
    name, all_roles = prefix + field.upper(), ", ".join(roles)
    if field == "roles" and first["type"] == "enum" and _ROLE_WORD.fullmatch(typed):
        return SettingsError(
            "{name} is not usable: {role} is no role; roles are {roles}.", name=name, role=typed, roles=all_roles
        )
    return SettingsError(_WRONG.get(field, _NO_TEXT), name=name, roles=all_roles)
