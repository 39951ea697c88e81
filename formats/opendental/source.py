"""Open Dental as a source: a database told by its tables; a server is told by its address alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from formats.databases.server_address import SCHEMES
from formats.reading import EarlierRecords, SourceDescription, SourceItems
from formats.regular_files import open_regular
from formats.words import mark

_MAGIC = b"SQLite format 3\0"


def is_opendental(place: str) -> bool:
    """Tell whether ``place`` is the URL of a server, or a SQLite file with the tables that every version has."""
    if place.startswith(tuple(f"{scheme}:" for scheme in SCHEMES)):
        return True
    from formats.opendental.read import NEEDED

    path = Path(place)
    if not path.is_file():
        return False
    with open_regular(path) as stream:
        if stream.read(len(_MAGIC)) != _MAGIC:
            return False
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            found = database.execute("SELECT lower(name) FROM sqlite_master WHERE type = 'table'").fetchall()
    except sqlite3.Error:
        return False
    return {name for (name,) in found} >= {name.lower() for name in NEEDED}


@contextmanager
def open_opendental(
    place: str,
    /,
    *,
    password: str = "",
    images: Path | None = None,
    practice_key: str | None = None,
    time_zone: str = "Europe/Paris",
) -> Iterator[SourceItems]:
    """Open the database at ``place`` and give what it holds; raises as ``formats.opendental.read``."""
    from formats.databases.content_digest import content_digest
    from formats.opendental.read import open_source, read

    with open_source(place, password=password) as source:
        earlier = EarlierRecords()
        items = read(source, images=images, practice_key=practice_key, time_zone=time_zone, earlier=earlier)
        options = (str(images or ""), practice_key or "", time_zone)
        yield SourceItems(items, partial(content_digest, source, images, options), earlier=earlier)


SOURCE = SourceDescription(title=mark("Open Dental"), open=open_opendental, recognize=is_opendental)
