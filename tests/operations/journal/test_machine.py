"""The journal against a model of it: whatever is done in whatever order, both say the same."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from services.errors import Busy, Moved, NotAllowed
from services.operations.journal import attempts, audit, expiry, journal, terms
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted
from services.operations.journal.states import LEGAL, OPEN
from services.store.engine import reading
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from tests.worlds.operations.invariants import all_operations
from tests.worlds.operations.store import Journals
from tests.worlds.seeds import seeds

PEOPLE = tuple(Actor(name, "screen") for name in ("support", "finance"))
BEGAN = 1_790_000_000


class JournalMachine(RuleBasedStateMachine):
    """People, executors and time do what they can; `model` holds the state that each operation must be in."""

    rows = Bundle("rows")

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.engine = Journals(Path(self._folder.name)).empty()
        self.now, self.model = BEGAN, dict[int, State]()
        self.since, self.subjects = dict[int, int](), dict[int, str]()

    def teardown(self) -> None:
        self.engine.dispose()
        self._folder.cleanup()

    def _holds(self, number: int, state: State) -> None:
        self.model[number], self.since[number] = state, self.now

    def _is_open(self, subject: str) -> bool:
        return any(self.subjects[number] == subject and state in OPEN for number, state in self.model.items())

    @rule(target=rows, subject=st.sampled_from("abc"), approval=st.booleans(), who=st.sampled_from(PEOPLE))
    def ask(self, subject: str, approval: bool, who: Actor) -> object:
        wanted = Wanted(
            f"token{len(self.model)}", OperationKind.REFUND, subject, 100, "KRW", imp_uid=subject,
            needs_approval=approval,
        )  # fmt: skip
        busy = self._is_open(subject)
        try:
            found = journal.record(self.engine, wanted, who, self.now)
        except Busy:
            assert busy
            return multiple()
        assert not busy
        self.subjects[found.id] = subject
        self._holds(found.id, State.AWAITING_APPROVAL if approval else State.INTENT)
        return found

    @rule(row=rows, to=st.sampled_from(State))
    def step(self, row: Operation, to: State) -> None:
        """From the row as it is now: exactly the legal steps go."""
        number = row.id
        with reading(self.engine) as conn:
            fresh = journal.get(conn, number)
        self._stepped(fresh, to, to in LEGAL[self.model[number]])

    @rule(row=rows, to=st.sampled_from(State))
    def late_step(self, row: Operation, to: State) -> None:
        """From the row as it was at first: a state that was left meanwhile gives nothing."""
        as_it_was = row.state == self.model[row.id]
        with reading(self.engine) as conn:
            as_it_was = as_it_was and journal.get(conn, row.id).fence == row.fence
        self._stepped(row, to, as_it_was and to in LEGAL[State(row.state)])

    def _stepped(self, row: Operation, to: State, goes: bool) -> None:
        try:
            with journal.saving(self.engine) as conn:
                journal.move(conn, row, to, PEOPLE[0], "moved", self.now)
        except Moved:
            assert not goes
            return
        assert goes
        self._holds(row.id, to)

    @rule(row=rows)
    def claim(self, row: Operation) -> None:
        number = row.id
        with reading(self.engine) as conn:
            fresh = journal.get(conn, number)
        goes = self.model[number] == State.SENT or (
            self.model[number] == State.INTENT and self.now - self.since[number] <= terms.INTENT_LIVES
        )
        try:
            sent = attempts.begin(self.engine, fresh, "host:1:a", PEOPLE[0], self.now, "[]")
        except Moved:
            assert not goes
            return
        assert goes
        assert sent.fence == fresh.fence + 1
        if self.model[number] == State.INTENT:
            self._holds(number, State.SENT)

    @rule(row=rows, who=st.sampled_from(PEOPLE), yes=st.booleans())
    def decide(self, row: Operation, who: Actor, yes: bool) -> None:
        number = row.id
        waits = self.model[number] == State.AWAITING_APPROVAL
        try:
            if yes:
                journal.approve(self.engine, number, who, self.now)
            else:
                journal.decline(self.engine, number, who, "아직", self.now)
        except NotAllowed:
            assert yes
            assert who.name == row.asked_by
            return
        except Moved:
            assert not waits
            return
        assert waits
        self._holds(number, State.INTENT if yes else State.REFUSED)

    @rule(row=rows, done=st.booleans())
    def settle(self, row: Operation, done: bool) -> None:
        waits = self.model[row.id] == State.NEEDS_PERSON
        try:
            journal.settle(self.engine, row.id, PEOPLE[1], done=done, note="확인", now=self.now)
        except Moved:
            assert not waits
            return
        assert waits
        self._holds(row.id, State.SUCCEEDED if done else State.REFUSED)

    @rule(seconds=st.sampled_from((1, 300, 601, 8 * 86_400)))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds
        expiry.expire_old(self.engine, PEOPLE[0], self.now)
        lives = {State.INTENT: terms.INTENT_LIVES, State.AWAITING_APPROVAL: terms.APPROVAL_LIVES}
        with reading(self.engine) as conn:
            fences = {one.id: one.fence for one in all_operations(conn)}
        for number, state in list(self.model.items()):
            if state in lives and self.now - self.since[number] > lives[state]:
                self._holds(number, State.NEEDS_PERSON if fences[number] else State.EXPIRED)

    @invariant()
    def both_say_the_same(self) -> None:
        with reading(self.engine) as conn:
            rows = all_operations(conn)
            assert audit.verify(conn).broken_at is None
        assert {one.id: State(one.state) for one in rows} == self.model
        still_open = [one.subject for one in rows if State(one.state) in OPEN]
        assert len(still_open) == len(set(still_open))


TestJournal = JournalMachine.TestCase
TestJournal.settings = settings(
    max_examples=seeds(500, least=8), stateful_step_count=30, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
