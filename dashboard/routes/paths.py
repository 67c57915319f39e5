"""The path of a request without server.baseUrlPath in front: rules go by that; and where the request came from."""

from starlette.types import Scope
from streamlit import config


def bare_path(scope: Scope) -> str:
    """`/jangbu/media/x` as `/media/x` where the base is `jangbu`; any other path as it is."""
    base = "/" + str(config.get_option("server.baseUrlPath") or "").strip("/")
    path = str(scope["path"])
    return path[len(base) :] if base != "/" and path.startswith(f"{base}/") else path


def client_of(scope: Scope) -> str:
    """The address that a request came from; empty where none is known."""
    client = scope.get("client")
    return str(client[0]) if client else ""
