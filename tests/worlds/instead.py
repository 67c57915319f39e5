"""A function in the place of a method, for as long as its object lives."""

from collections.abc import Callable


def put_instead(owner: object, name: str, does: Callable[..., object]) -> None:
    """From now on the object's method of this name is `does`."""
    setattr(owner, name, does)
