"""Sub-stores: which one a call is about, and what one is called."""

from collections.abc import Mapping

from services.sandbox.api.bodies import Call
from services.sandbox.api.envelope import Json, No, answer
from services.sandbox.world.world import SubStore, World


def world_of(worlds: Mapping[str, World], tier: str) -> World:
    """What a call with this `Tier` sees; the main store's without one. Raises No (404) for a store that nobody has."""
    if tier not in worlds:
        raise No(404, f"존재하지 않는 하위 상점(Tier)입니다. ({tier})")
    return worlds[tier]


def show_tier(stores: Mapping[str, SubStore], call: Call) -> Json:
    """GET /tiers/{tier_code}."""
    match call.method, call.path:
        case "GET", ("tiers", code) if code in stores:
            return answer({"tier_code": code, "tier_name": stores[code].name})
    raise No(404, "존재하지 않는 하위 상점(Tier)입니다.")
