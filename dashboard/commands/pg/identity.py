"""`jangbu identity`, `jangbu kcpquick`: a verification is shown for a reason that is kept, or erased; members too."""

from typing import Annotated

import msgspec
import typer
from services.errors import Refused

from dashboard.access import Permission
from dashboard.commands.answer import AsJson, Status, Wait, answer, ready

identity = typer.Typer(no_args_is_help=True, help="Identity verifications.")
kcpquick = typer.Typer(no_args_is_help=True, help="Members of KCP Quick.")
Uid = Annotated[str, typer.Argument(metavar="IMP_UID", help="The verification.")]
Reason = Annotated[str, typer.Option(help="Why: kept with your name and the time. No personal data in it.")]


@identity.command()
def show(imp_uid: Uid, reason: Reason, as_json: AsJson = False) -> None:
    """Show one, with its phone masked; that you looked, and why, is written down first."""
    from dashboard.commands.wishes.identity import note_command
    from dashboard.process.resources import open_gateway

    with ready(as_json, Permission.IDENTITY):
        uid = note_command(imp_uid, reason)
        try:
            found = open_gateway().verification(uid)
        except Refused as error:
            answer({"imp_uid": uid, "message": error.refusal.message}, as_json)
            raise typer.Exit(Status.REFUSED) from None
        answer(msgspec.structs.asdict(found), as_json)


@identity.command()
def delete(imp_uid: Uid, reason: Reason, wait: Wait = 30, as_json: AsJson = False) -> None:
    """Erase one at PortOne for good. It cannot be undone."""
    from dashboard.commands.follow import carry_out
    from dashboard.commands.wishes.identity import ask_erasure

    with ready(as_json, Permission.IDENTITY):
        carry_out(ask_erasure(imp_uid, reason), wait, as_json)


@kcpquick.command("delete")
def delete_member(
    member_id: Annotated[str, typer.Argument(metavar="MEMBER_ID", help="The member.")],
    site_code: Annotated[str, typer.Option(help="KCP's site code of the registration.")],
    partner_type: Annotated[str, typer.Option(help="KCP's partner type of the registration.")],
    partner_subtype: Annotated[str, typer.Option(help="KCP's partner subtype of the registration.")],
    reason: Reason,
    wait: Wait = 30,
    as_json: AsJson = False,
) -> None:
    """Erase a member and all their data at KCP Quick for good. It cannot be undone."""
    from dashboard.commands.follow import carry_out
    from dashboard.commands.wishes.identity import ask_member_erasure

    codes = {"site_code": site_code, "partner_type": partner_type, "partner_subtype": partner_subtype}
    with ready(as_json, Permission.IDENTITY):
        carry_out(ask_member_erasure(codes | {"member_id": member_id}, reason), wait, as_json)
