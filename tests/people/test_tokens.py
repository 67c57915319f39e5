"""Tokens: shown once, kept as a hash, for a time, until somebody revokes them."""

import pytest
from sqlalchemy import Engine

from services.clock import DAY
from services.errors import InvalidRequest, NotAllowed
from services.operations.journal import audit
from services.operations.journal.audit import Actor
from services.people import tokens
from services.store.engine import reading, writing

NOW = 1_800_000_000
KIM, LEE = Actor("kim@shop.example", "screen"), Actor("lee@shop.example", "screen")


def issued(store: Engine, by: Actor = KIM, name: str = "nightly export", days: int = 90) -> str:
    with writing(store) as conn:
        return tokens.issue(conn, by, name, days, NOW)


def test_a_token_names_its_person_until_it_expires_and_stands_nowhere(store: Engine) -> None:
    token = issued(store)
    with reading(store) as conn:
        assert tokens.owner_of(conn, f" {token}\n", NOW + 90 * DAY - 1).email == KIM.name
        with pytest.raises(NotAllowed, match="expired"):
            tokens.owner_of(conn, token, NOW + 90 * DAY)
        for wrong in (token[:-1], token + "x", "jangbu_", ""):
            with pytest.raises(NotAllowed, match="no token"):
                tokens.owner_of(conn, wrong, NOW)
        rows = [conn.exec_driver_sql(f"SELECT * FROM {name}").all() for name in ("person_token", "audit_entry")]
    assert token.removeprefix(tokens.BEGINS) not in str(rows)


def test_one_is_revoked_by_its_person_or_for_them_and_by_nobody_else(store: Engine) -> None:
    token = issued(store)
    with writing(store) as conn:
        number = tokens.owner_of(conn, token, NOW).id or 0
        assert not tokens.revoke(conn, number, LEE, NOW)
        assert tokens.owner_of(conn, token, NOW).email == KIM.name
        assert tokens.revoke(conn, number, LEE, NOW, of_others=True)
        assert not tokens.revoke(conn, number, KIM, NOW)
        with pytest.raises(NotAllowed, match="revoked"):
            tokens.owner_of(conn, token, NOW)
        assert tokens.named_by(conn, number) == KIM.name, "what was asked by it stays theirs"
        actors = conn.exec_driver_sql("SELECT action, actor FROM audit_entry ORDER BY id").all()
        assert [tuple(one) for one in actors] == [("token_made", KIM.name), ("token_revoked", LEE.name)]
        assert audit.verify(conn).broken_at is None


def test_a_name_says_what_it_is_for_and_is_a_persons_once(store: Engine) -> None:
    issued(store)
    issued(store, LEE)
    wrong = (("", 90, "name"), ("nightly export", 90, "name"), ("x" * 41, 90, "name"), ("other", 3650, "days"))
    for name, days, field in wrong:
        with pytest.raises(InvalidRequest) as error:
            issued(store, name=name, days=days)
        assert error.value.values["field"] == field
    with reading(store) as conn:
        assert tokens.count_live(conn, NOW) == {KIM.name: 1, LEE.name: 1}
