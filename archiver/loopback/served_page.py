"""OUVRIR.HTM as this machine serves it: the same script, which is told where it is, and may ask its server."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archiver.opener import opener_page

_POLICY = re.compile(r'(?<=http-equiv="Content-Security-Policy" content=")[^"]+(?=")')
_PLACE = '<div id="app"></div>'
_SERVED = '<div id="app" data-served></div>'
CONNECT = "connect-src"
ONLY_IN_HEADERS = "frame-ancestors 'none'"
"""What a policy in a page cannot say."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServedPage:
    """A page (HTML, UTF-8), and the content security policy (CSP 3) that it is sent with."""

    data: bytes
    policy: str


def served_page() -> ServedPage:
    """Return the page that is shipped, whose policy lets it ask its own origin and no other."""
    page = opener_page().decode("utf-8")
    (policy,) = _POLICY.findall(page)
    if page.count(_PLACE) != 1:
        raise ValueError(_PLACE)
    allowed = _with_own_origin(policy)
    data = _POLICY.sub(lambda _: allowed, page).replace(_PLACE, _SERVED).encode("utf-8")
    return ServedPage(data=data, policy=f"{allowed}; {ONLY_IN_HEADERS}")


def _with_own_origin(policy: str) -> str:
    directives = [one.strip() for one in policy.split(";") if one.strip()]
    own = f"{CONNECT} 'self'"
    others = [one for one in directives if one.split()[0] != CONNECT]
    asked = [one for one in directives if one.split()[0] == CONNECT]
    own += "".join(f" {source}" for one in asked for source in one.split()[1:] if source != "'none'")
    return "; ".join([*others, own])
