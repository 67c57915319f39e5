"""For tests that kill it: something that serves, in a process of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext


@contextmanager
def killed_in_the_end(context: ForkServerContext, serve: Callable[..., None], *given: object) -> Iterator[Connection]:
    """`serve(*given, pipe)`, begun with the block and killed by SIGKILL when it ends; gives our end of the pipe."""
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(*given, theirs))
    process.start()
    try:
        yield ours
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()
        theirs.close()
