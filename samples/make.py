"""Rebuild the samples from their seed: ``python samples/make.py``.

``--into FOLDER`` writes elsewhere, ``--check`` only says what differs (exit status 1), and
``--sqlite FILE`` writes nothing but the SQLite copy of the practice (``--successor`` for the other one).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))

from samples import molaire_tables  # noqa: E402
from samples.story.book import build_sqlite  # noqa: E402  (the folder above is on the path only now)
from samples.story.expected import expected_counts  # noqa: E402
from samples.story.people import Person  # noqa: E402
from samples.story.practice import Telling, tell  # noqa: E402

MARKS = ("<!-- cast -->", "<!-- /cast -->")
"""The table of the cast is written between these lines of each README."""
READMES = {
    "README.md": "| practice | PatNum | name | there to prove |",
    "README.fr.md": "| cabinet | PatNum | nom | là pour |",
}
"""The head of that table, in the language of each."""

BUILT = ("practice/images", "practice/imaging", "practice/papers", "molaire")
"""Folders that hold nothing but what is built: what is there and not built is out of date."""


def contents(telling: Telling) -> dict[str, bytes]:
    """Return every built file by its path below ``samples/``."""
    built = {
        "practice/opendental.sql": telling.book.sql().encode(),
        "practice/papers.csv": telling.index,
        "practice/roster.csv": telling.roster,
        "successor/opendental.sql": telling.successor.sql().encode(),
        "EXPECTED.json": expected_counts(telling).encode(),
    }
    built |= molaire_tables.contents()
    built |= {name: readme(telling, name).encode() for name in READMES}
    for folder, files in zip(BUILT[:-1], (telling.shelf, telling.imaging, telling.papers), strict=True):
        built |= {f"{folder}/{name}": content for name, content in files.items()}
    return built


def readme(telling: Telling, name: str) -> str:
    """Return the README ``name`` with the table of the cast written anew."""
    before, rest = (HERE / name).read_text(encoding="utf-8").split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    french = name.endswith(".fr.md")
    rows = (*_rows("Tilleuls", telling.people, french), *_rows("Pressoir", telling.successor_people, french))
    table = "\n".join((READMES[name], "|---|---|---|---|", *rows))
    return f"{before}{MARKS[0]}\n{table}\n{MARKS[1]}{after}"


def _rows(practice: str, people: tuple[Person, ...], french: bool) -> Iterator[str]:
    for person in people:
        if person.key:
            name = f"{person.given.strip()} {person.family.strip()}"
            reason = person.prouve if french else person.proves
            yield f"| {practice} | {person.number} | {name} | {reason} |"


def write(built: dict[str, bytes], into: Path) -> None:
    """Write every file below ``into``, and remove from the built folders what is no longer built."""
    for path in _leftovers(built, into):
        path.unlink()
    for name, content in built.items():
        path = into / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def differences(built: dict[str, bytes], into: Path) -> list[str]:
    """Return the files below ``into`` that are not what the seed gives."""
    changed = [
        name
        for name, content in built.items()
        if not (into / name).is_file() or (into / name).read_bytes() != content
    ]
    return sorted(changed + [path.relative_to(into).as_posix() for path in _leftovers(built, into)])


def _leftovers(built: dict[str, bytes], into: Path) -> list[Path]:
    present = (path for folder in BUILT for path in (into / folder).rglob("*") if path.is_file())
    return [path for path in present if path.relative_to(into).as_posix() not in built]


def main() -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--into", type=Path, default=HERE)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--sqlite", type=Path)
    parser.add_argument("--successor", action="store_true")
    options = parser.parse_args()
    telling = tell()
    if options.sqlite:
        build_sqlite((telling.successor if options.successor else telling.book).sql(), options.sqlite)
        return 0
    built = contents(telling)
    if options.check:
        changed = differences(built, options.into)
        sys.stdout.write("".join(f"{name}\n" for name in changed))
        return 1 if changed else 0
    write(built, options.into)
    build_sqlite(telling.book.sql(), options.into / "practice" / "opendental.sqlite")
    build_sqlite(telling.successor.sql(), options.into / "successor" / "opendental.sqlite")
    return 0


if __name__ == "__main__":
    sys.exit(main())
