"""Answers of a gateway that are read while those before them are stored."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Answer = TypeVar("Answer")


def one_ahead(answers: Iterator[Answer]) -> Iterator[Answer]:
    """The same answers; each is asked for, in a thread, when the one before it is handed on."""
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as pool:
        coming = pool.submit(list, islice(answers, 1))
        while answer := coming.result():
            coming = pool.submit(list, islice(answers, 1))
            yield from answer
