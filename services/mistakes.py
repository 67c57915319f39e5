"""What has to be mended of a form, gathered so that all of it is told at once."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from services.errors import InvalidRequest

Value = TypeVar("Value")


class Mistakes:
    """The first mistake of each field, in the order in which they were found."""

    def __init__(self, known: Iterable[InvalidRequest] = ()) -> None:
        self._found: list[InvalidRequest] = []
        for one in known:
            self.add(one)

    def add(self, problem: InvalidRequest) -> None:
        """Notes a mistake; one field is told of one at a time."""
        if problem.values.get("field") not in {one.values.get("field") for one in self._found}:
            self._found.append(problem)

    def read(self, reads: Callable[[], Value], otherwise: Value) -> Value:
        """What `reads` brings; where it raises InvalidRequest that is noted, and `otherwise` stands for it."""
        try:
            return reads()
        except InvalidRequest as problem:
            self.add(problem)
            return otherwise

    def told(self) -> tuple[InvalidRequest, ...]:
        """All of them."""
        return tuple(self._found)

    def require_none(self) -> None:
        """Raises the first InvalidRequest, with the others beside it, where there is any."""
        if self._found:
            first, *others = self._found
            first.also = tuple(others)
            raise first
