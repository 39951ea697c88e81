"""Who may ask: one browser, which brought the one-time token first.

1. The token stands behind ``#`` in the address, which no browser sends to a server. The page brings it in a header.
2. Whoever brings it first gets a session: a cookie that no script reads and no other site sends (``HttpOnly``,
   ``SameSite=Strict``, RFC 6265bis), and a key that the page keeps for itself. Nobody gets a second one.
3. Both are asked for each time: browsers send a cookie to every port of a machine, whoever listens there.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

SECRET_BYTES = 32
"""Random bytes of a token, a cookie and a key each; nobody guesses one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BrowserSession:
    """What a browser that was let in shows each time."""

    cookie: str = field(repr=False)
    key: str = field(repr=False)


class SessionAccess:
    """One-time token, and the session that it was exchanged for."""

    def __init__(self, randomness: Callable[[int], bytes]) -> None:
        self.token = randomness(SECRET_BYTES).hex()
        self._session = BrowserSession(
            cookie=randomness(SECRET_BYTES).hex(), key=randomness(SECRET_BYTES).hex()
        )
        self._taken = False
        self._lock = Lock()

    @property
    def taken(self) -> bool:
        """Whether a browser was let in."""
        return self._taken

    def exchange(self, token: str) -> BrowserSession | None:
        """Return the session for the right ``token``, the first time; otherwise nothing."""
        if not _same(token, self.token):
            return None
        with self._lock:
            if self._taken:
                return None
            self._taken = True
        return self._session

    def admits(self, *, cookie: str, key: str) -> bool:
        """Say whether both are those of the browser that was let in."""
        right = (_same(cookie, self._session.cookie), _same(key, self._session.key))
        return self._taken and all(right)


def cookie_of(header: str, name: str) -> str:
    """Return the value of the cookie ``name`` in a ``Cookie`` header, or nothing; other programs set cookies too."""
    pairs = (one.strip().partition("=") for one in header.split(";"))
    return next((value for known, _, value in pairs if known == name), "")


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode("ascii"))
