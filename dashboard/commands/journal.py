"""`jangbu operations list`, `operations resolve` and `audit verify`: the journal, read and settled."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Annotated, Any

import typer
from services.clock import system_clock
from services.errors import InvalidRequest, NotShown
from services.operations.actions import late
from services.operations.executor import Executor
from services.operations.journal import audit as chain
from services.operations.journal import head, journal
from services.operations.journal.head import Head, Standing
from services.operations.journal.replay import Differing, differing
from services.operations.patience import carry_to_end
from services.store.account import require_account
from services.store.engine import reading
from services.store.hash_chain import Verdict
from services.store.lists.operations import OperationFilter, list_operations
from services.store.writes.late_payments import late_of, late_payments
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from sqlalchemy import Connection

from dashboard.access import Permission
from dashboard.commands.answer import AsJson, Status, Wait, answer, ready, say, sentence_of, tell
from dashboard.commands.report import finish, line_of, status_of, told_of
from dashboard.locale import _
from dashboard.process.access_log.commands import note_shown
from dashboard.process.resources import open_gateway, open_store
from dashboard.words.labels import Words, once_a_language

operations = typer.Typer(no_args_is_help=True, help="What was asked of the gateway, and what became of it.")
audit = typer.Typer(no_args_is_help=True, help="Who asked, approved, ran and settled what.")
_UNCLEAR = (State.UNKNOWN, State.NEEDS_PERSON)
_MOST = 10_000
_MOST_NAMED = 100
_OF_OTHERS = ("customer_uid", "reason", "note", "message")
"""Texts that may hold a phone or a mail address."""


@operations.command("list")
def list_all(
    state: Annotated[State | None, typer.Option(help="Only those in this state.")] = None,
    kind: Annotated[OperationKind | None, typer.Option(help="Only of this kind.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=_MOST, help="How many, the latest first.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Operations, the latest first."""
    from dashboard.process.executor import commander_sees_buyers
    from dashboard.words.formats import persons_shown

    with (
        ready(as_json, Permission.SEE_PAYMENTS, require_gateway=False),
        persons_shown(whole=commander_sees_buyers()),
    ):
        with reading(open_store()) as conn:
            chosen = OperationFilter(kind=kind.value if kind else None, state=state.value if state else None)
            found = list_operations(conn, chosen, limit=limit).rows
            rows = [_row(conn, one) for one in found] if as_json else []
        note_shown("activity", len(found))
        if as_json:
            answer({"operations": rows}, as_json=True)
            return
        if not found:
            tell(
                _("Nothing of that kind was asked for.")
                if kind or state
                else _("Nothing was asked of the gateway yet.")
            )
        else:
            tell(_("Times are Korea's."))
        for one in found:
            tell(line_of(one))


@operations.command()
def resolve(
    operation_id: Annotated[
        int | None, typer.Argument(metavar="[ID]", help="One; all that are unclear if left out.")
    ] = None,
    send_again: Annotated[bool, typer.Option("--send-again", help="Send it once more, as it was asked for.")] = False,
    done: Annotated[bool, typer.Option("--done", help="You have seen that it happened.")] = False,
    not_done: Annotated[bool, typer.Option("--not-done", help="You have seen that it did not.")] = False,
    unseen: Annotated[bool, typer.Option("--unseen", help="With --done, on your word alone.")] = False,
    note: Annotated[str, typer.Option(help="Why you say so: it stays with the operation.")] = "",
    wait: Wait = 30,
    as_json: AsJson = False,
) -> None:
    """Look once at the gateway for what is unclear; or settle one that needs a person."""
    from dashboard.process.executor import make_executor

    with ready(as_json, Permission.RESOLVE):
        with reading(open_store()) as conn:
            require_account(conn, open_gateway().account)
        if operation_id is None:
            if send_again or done or not_done or unseen or note:
                raise InvalidRequest("Name the operation that is meant.", field="operation")
            _look_at_all(as_json)
            return
        if send_again + done + not_done > 1:
            raise InvalidRequest("Only one of --send-again, --done and --not-done.", field="operation")
        if note and not (send_again or done or not_done):
            raise InvalidRequest("--note goes with --send-again, --done or --not-done.", field="note")
        if unseen and not done:
            raise InvalidRequest("--unseen goes with --done.", field="unseen")
        executor = make_executor()
        if done and _let_stand(operation_id, note):
            finish(operation_id, as_json)
            return
        if done:
            _settle_done(executor, operation_id, note, unseen=unseen)
        elif send_again or not_done:
            _by_person(operation_id, note, send_again=send_again)
        executor.release()
        carry_to_end(executor, operation_id, seconds=wait if send_again else 0, look_now=not send_again)
        finish(operation_id, as_json)


@audit.command()
def verify(as_json: AsJson = False) -> None:
    """Walk the audit chain, hold it against its heads and the journal: names what was changed, removed or moved."""
    with ready(as_json, None, require_gateway=False):
        engine = open_store()
        kept = head.outside(engine)
        with reading(engine) as conn:
            found, outside = chain.verify(conn), head.standing(conn, kept)
            others = list(islice(differing(conn), _MOST_NAMED)) if found.broken_at is None else []
        rows = [{"what": one.what, "number": one.operation, "entry": one.entry, "fields": one.fields} for one in others]
        told = {"entries": found.entries, "broken_at": found.broken_at, "outside": outside.value}
        if as_json:
            answer(told | {"differing": rows}, as_json=True)
        else:
            tell(_("{n} audit entries; the head outside the database: {standing}").format(
                n=f"{found.entries:,}", standing=_standing(outside)))  # fmt: skip
        problems = list(_problems(found, outside, kept, others))
        for one in problems:
            say(one)
        if problems:
            raise typer.Exit(Status.FAILED)
        if not as_json:
            tell(_("Every entry is as it was written, and the journal as the entries tell it."))


@once_a_language
def _standing() -> Words:
    return {
        Standing.NOWHERE: _("none is kept for this database"),
        Standing.MISSING: _("there is none yet, the next entry makes it"),
        Standing.GONE: _("it is gone"),
        Standing.KEPT: _("goes with the entries"),
        Standing.AHEAD: _("knows more entries than there are"),
        Standing.UNRELATED: _("belongs to other entries"),
    }


def _problems(found: Verdict, outside: Standing, kept: Head | None, others: Sequence[Differing]) -> Iterator[str]:
    if found.broken_at is not None:
        yield _("Entry {n} is not as it was written: changed, removed or moved.").format(n=found.broken_at)
    if kept and outside == Standing.AHEAD:
        yield _("The head outside the database knows {n} entries, the chain has {m}: it was shortened or put back."
                ).format(n=kept.entries, m=found.entries)  # fmt: skip
    if outside == Standing.GONE:
        yield _("The head outside the database is gone: nobody knows whether this is the latest state of the journal.")
    if kept and outside == Standing.UNRELATED:
        yield _("Entry {n} is another one than the head outside the database knows: the chain was written anew, "
                "or another database put in its place.").format(n=kept.entries)  # fmt: skip
    for one in others:
        yield _differs(one)


def _differs(one: Differing) -> str:
    names = {"operation": _("operation {n}"), "file": _("file {n}"), "limit": _("the approval limit"),
             "roster": _("who signs in")}  # fmt: skip
    what = names[one.what].format(n=one.operation)
    if one.fields == ("id",) and one.entry is not None:
        return _("{what} is not there, though entry {entry} tells of it.").format(what=what, entry=one.entry)
    if one.entry is None:
        return _("{what} is there, and no entry tells of it.").format(what=what)
    return _("{what} is not as the entries up to {entry} tell it: {fields}.").format(
        what=what, entry=one.entry, fields=", ".join(one.fields))  # fmt: skip


def _look_at_all(as_json: bool) -> None:
    from dashboard.process.executor import make_executor

    executor = make_executor()
    executor.release()
    with reading(executor.engine) as conn:
        unclear = [one.id for state in _UNCLEAR for one in journal.in_state(conn, state, limit=_MOST)]
    ended = [carry_to_end(executor, one, seconds=0, look_now=True) for one in unclear]
    with reading(executor.engine) as conn:
        turned = [journal.get(conn, one.operation_id) for one in late_payments(conn)]
        rows = [told_of(conn, one) for one in (*ended, *turned)]
    note_shown("activity", len(rows))
    if as_json:
        answer({"operations": rows}, as_json=True)
    elif not rows:
        tell(_("Nothing is unclear."))
    for row in rows if not as_json else ():
        answer(row, as_json=False)
    if turned:
        say(_("Charges that were refused are paid after all: refund them, or let them stand by --done and --note."))
    if turned or any(status_of(one) == Status.UNKNOWN for one in ended):
        raise typer.Exit(Status.UNKNOWN)


def _settle_done(executor: Executor, operation_id: int, note: str, *, unseen: bool) -> None:
    from dashboard.process.executor import cli_actor

    try:
        executor.settle_done(operation_id, cli_actor(), _reason(note), unseen=unseen)
    except NotShown as error:
        say(sentence_of(error))
        say(_("With --unseen it is settled on your word."))


def _let_stand(operation_id: int, note: str) -> bool:
    """Takes a charge that was paid after all off the list; False where the operation is no such one."""
    from dashboard.process.executor import cli_actor

    engine = open_store()
    with reading(engine) as conn:
        found = late_of(conn, operation_id)
    if found:
        late.put_aside(engine, found.imp_uid, operation_id, cli_actor(), _reason(note), system_clock())
    return found is not None


def _by_person(operation_id: int, note: str, *, send_again: bool) -> None:
    from dashboard.process.executor import cli_actor

    engine, actor, now = open_store(), cli_actor(), system_clock()
    if send_again:
        journal.send_again(engine, operation_id, actor, _reason(note), now)
    else:
        journal.settle(engine, operation_id, actor, done=False, note=_reason(note), now=now)


def _reason(note: str) -> str:
    if not note.strip():
        raise InvalidRequest("Say why with --note: it stays with the operation.", field="note")
    return note.strip()


def _row(conn: Connection, operation: Operation) -> dict[str, Any]:
    from dashboard.words.formats import shown

    more = ("kind", "currency", "customer_uid", "reason", "requester", "asked_by", "asked_at", "why", "note")
    told = told_of(conn, operation) | {name: getattr(operation, name) for name in more}
    return told | {name: shown(told[name]) for name in _OF_OTHERS if told.get(name)}
