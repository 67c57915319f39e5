"""A few people for calls that only some PGs have: verified, registered at KCP Quick, with points at Benepia."""

from services.sandbox.world.world import World

_CODES = {"site_code": "T0000", "partner_type": "IX99", "partner_subtype": "99IX"}


def put_known_people(world: World, until: int) -> None:
    """imp_990000000001 … are verifications, `quick_1` … members, benepia / benepia an account of 50,000 points."""
    for number, (name, born) in enumerate((("김서연", "1992-04-17"), ("이도윤", "2001-11-03")), 1):
        imp_uid = f"imp_99000000000{number}"
        world.verifications[imp_uid] = {
            "imp_uid": imp_uid, "merchant_uid": f"CERT{number}", "pg_tid": f"dn{number}", "pg_provider": "danal",
            "name": name, "gender": "female", "birthday": born, "foreigner": False, "foreigner_v2": None,
            "phone": f"0105532847{number}", "carrier": "SKT", "certified": True,
            "certified_at": until - number * 3_600, "unique_key": "CI" + f"{number}" * 86,
            "unique_in_site": "DI" + f"{number}" * 62, "origin": "https://shop.example/join",
        }  # fmt: skip
        member = {"member_id": f"quick_{number}", "pg_provider": "kcp_quick", "pg_id": "T0000"}
        world.quick_members[f"quick_{number}"] = member | {"inserted": until, "updated": until} | _CODES
    world.benepia["benepia"] = ("benepia", 50_000)
