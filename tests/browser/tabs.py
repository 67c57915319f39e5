"""Pages of the browser for tests, kept from one to the next: a new one costs twice what it loads."""

import json
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page


@dataclass
class Tabs:
    """Pages that are as good as new by what their browser is, and those that a test has taken."""

    browser: Browser
    _idle: dict[str, list[Page]] = field(default_factory=dict)
    _taken: list[tuple[str, Page]] = field(default_factory=list)

    def take(self, **options: Any) -> Page:
        """A page in a browser of its own with these options of a context; nobody is signed in there."""
        kind = json.dumps(options, sort_keys=True)
        idle = self._idle.setdefault(kind, [])
        page = idle.pop() if idle else self.browser.new_context(**options).new_page()
        self._taken.append((kind, page))
        return page

    def give_back(self) -> None:
        """After a test: what its pages kept is gone."""
        for kind, page in self._taken:
            if page.is_closed():
                page.context.close()
            else:
                _empty(page)
                page.set_viewport_size(json.loads(kind)["viewport"])
                self._idle[kind].append(page)
        self._taken.clear()


def _empty(page: Page) -> None:
    for other in page.context.pages:
        if other != page:
            other.close()
    if page.url.startswith("http"):
        page.evaluate("localStorage.clear(), sessionStorage.clear()")
    page.goto("about:blank")
    page.context.clear_cookies()
