"""A merchant's own list of billing keys: each bad line says why, the good ones are noted and looked up."""

import pytest
from sqlalchemy import Engine

from services.errors import InvalidRequest
from services.mirror.key_files import MOST_ROWS, import_keys, read_key_file
from services.mirror.keys import sync_billing_keys
from services.mirror.run import Run
from services.store.engine import reading
from services.store.lists.keys import get_key_summary
from services.store.lists.one import get_billing_key
from tests.worlds.mirrors import make_gateway, make_sandbox
from tests.worlds.rows.key_rows import fetched


def test_each_bad_line_says_what_is_wrong_with_it_and_the_others_are_taken() -> None:
    lines = ["member-1", "", "member-1", "x" * 81, "tab\tin", " member-2 "]
    file = read_key_file(("﻿name,customer_uid\n" + "".join(f"김,{line}\n" for line in lines)).encode())
    assert file.customer_uids == ["member-1", "member-2"]
    assert [(line.number, str(line.problem)) for line in file.bad] == [
        (3, "This line names no customer_uid."),
        (4, "This customer_uid stands in the file twice."),
        (5, "A customer_uid has 80 characters at most."),
        (6, "This customer_uid has a character that nobody can type."),
    ]


def test_a_file_as_korean_excel_writes_it_is_read() -> None:
    assert read_key_file("customer_uid\n회원-1".encode("cp949")).customer_uids == ["회원-1"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The first line lacks customer_uid."),
        (b"uid\na\n", "The first line lacks customer_uid."),
        (b"customer_uid\n\xff\xfe", "The file is not UTF-8 text: save it as CSV UTF-8."),
        (b"customer_uid\n" + b"a" * 200_000, "The file is not a CSV."),
        (b"customer_uid\n" + b"a\n" * (MOST_ROWS + 1), f"At most {MOST_ROWS} rows in one file."),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_key_file(content)
    assert str(refused.value) == sentence


def test_keys_of_a_file_are_looked_up_a_hundred_at_a_time(store: Engine) -> None:
    sandbox, clock = make_sandbox(payments=700)
    gateway = make_gateway(sandbox, clock)
    alive = sorted(sandbox.world.billing_keys)
    file = read_key_file("\n".join(["customer_uid", *alive, *(f"gone-{n}" for n in range(250))]).encode())
    assert import_keys(store, file) == len(alive) + 250
    assert import_keys(store, file) == 0
    with reading(store) as conn:
        assert (found := get_key_summary(conn, alive[0])) is not None
        assert found.state == "unused"
    sync_billing_keys(Run(gateway, store), all_of_them=False)
    with reading(store) as conn:
        key = get_billing_key(conn, alive[0])
    assert key is not None
    assert key.checked_at is not None
    states = dict(fetched(store, "SELECT customer_uid, state FROM key_summary"))
    assert {uid for uid, state in states.items() if state == "deleted"} == {f"gone-{n}" for n in range(250)}
    assert fetched(store, "SELECT count(*) FROM billing_key WHERE checked_at IS NULL") == [(0,)]
