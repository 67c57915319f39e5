"""What a browser calls itself, in two words."""

from dashboard.words.formats import NOTHING

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Whale/", "Whale"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
"""Others call themselves Chrome and Safari too: the first that is found is it."""
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_of(agent: str | None) -> str:
    """Browser and system, like `Chrome · Windows`."""
    told = (next((name for sign, name in known if sign in (agent or "")), "") for known in (_BROWSERS, _SYSTEMS))
    return " · ".join(filter(None, told)) or NOTHING
