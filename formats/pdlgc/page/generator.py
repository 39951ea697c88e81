"""What a page says made it: the program, the version of the page, and the rules of its time zone.

Pages of one version, of one dossier, whose times follow the same rules, are the same byte for byte;
so a reader can make a page again, and compare.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from formats.model.dates import zone_of
from formats.pdlgc.page.markup import Html, html_text

PAGE_VERSION = 12
"""Raised with every change of what a page looks like; a test compares the bytes with those of the version."""

HEAD_BYTES = 4096
"""Within these first bytes of a page stands what made it."""
MAX_SOFTWARE = 300
"""Bytes of the name and version of a program; ours has under 20."""

_META = re.compile(
    rb'<meta name="generator" content="([^"<>]{0,%d}); page ([1-9][0-9]{0,5}); zone ([0-9a-f]{16})"/>'
    % MAX_SOFTWARE
)
_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Times that a dossier can have."""
_STEP, _EXACT = timedelta(days=14), timedelta(seconds=1)
"""No zone changes its hour twice within two weeks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Generator:
    """``software`` is name and version of a program; ``zone`` the digest of the rules by which times were shown."""

    software: str
    version: int
    zone: str


def own_generator(software: str, zone: str) -> Generator:
    """Return what this program, called ``software``, says of a page whose times are those of the IANA name ``zone``."""
    return Generator(software=software, version=PAGE_VERSION, zone=zone_rules(zone))


def meta(generator: Generator) -> Html:
    """Return the element of the page."""
    made = f"{html_text(generator.software)}; page {generator.version}; zone {generator.zone}"
    return Html(f'<meta name="generator" content="{made}"/>\n')


def generator_of(head: bytes) -> Generator | None:
    """Return what the first ``HEAD_BYTES`` of a page say of it; nothing where they do not say it as ``meta`` does."""
    found = _META.search(head)
    if found is None:
        return None
    software, version, zone = (one.decode("utf-8", "replace") for one in found.groups())
    return Generator(software=html.unescape(software), version=int(version), zone=zone)


@lru_cache(64)
def zone_rules(name: str) -> str:
    """Return 16 hexadecimal digits: the same on every machine that shows times from 1900 to 2100 alike.

    They are those of the SHA-256 of one line for each change: its second since 1970, and the seconds from UTC.
    """
    lines = (f"{int(since.timestamp())} {offset}\n" for since, offset in _changes(name))
    return hashlib.sha256("".join(lines).encode("ascii")).hexdigest()[:16]


def _changes(name: str) -> Iterator[tuple[datetime, int]]:
    """Yield from when on a zone is how many seconds from UTC.

    Moments are counted in UTC and labelled with the zone: ``fromutc`` asks for them so, and between two of
    one zone Python counts without looking anything up.
    """
    zone = zone_of(name)

    def offset(at: datetime) -> timedelta:
        return zone.fromutc(at) - at

    at, last = _FIRST.replace(tzinfo=zone), _LAST.replace(tzinfo=zone)
    current = offset(at)
    yield at.replace(tzinfo=UTC), current // _EXACT
    while at < last:
        before, at = at, at + _STEP
        after = offset(at)
        if after == current:
            continue
        changed = at
        while changed - before > _EXACT:
            middle = before + (changed - before) // _EXACT // 2 * _EXACT
            before, changed = (middle, changed) if offset(middle) == current else (before, middle)
        current = after
        yield changed.replace(tzinfo=UTC), current // _EXACT
