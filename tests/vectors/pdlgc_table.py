"""The page of the corpus of portability archives: each archive with its clause, its rule and its digest."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from tests.vectors.generator.pdlgc.archive import Plan, build
from tests.vectors.generator.pdlgc.corpus import GOOD, TOLERATED, flaws

PDLGC_PAGE = Path(__file__).with_name("pdlgc") / "README.md"
HEAD = """\
# Portability archives

{good} archives that conform to PDLGC 0.1.0 (30 September 2026), and {bad} with **one flaw each**: what a judge has to
refuse, and for which rule alone. `tests/vectors/generator/pdlgc` makes them from the guide, with none of the program's
code; they are made again when they are used, and are the same bytes every time (SHA-256). `python -m
tests.vectors.pdlgc_table FOLDER` writes them all. Persons are fictive; every INS is one of tests.

| clause | rule | flaw | SHA-256 |
|---|---|---|---|"""


@cache
def archive(plan: Plan) -> tuple[str, bytes]:
    """Return the name and the bytes of an archive, made once."""
    return build(plan)


def page() -> str:
    """Return the page."""
    good = {**GOOD, **TOLERATED}
    rows = [f"| – | – | none: {name} | {_digest(plan)} |" for name, plan in good.items()]
    rows += [f"| {one.clause} | `{one.rule}` | {one.name} | {_digest(one.plan)} |" for one in flaws()]
    return "\n".join([HEAD.format(good=len(good), bad=len(flaws())), *rows, ""])


def _digest(plan: Plan) -> str:
    return f"`{hashlib.sha256(archive(plan)[1]).hexdigest()}`"


def write_all(folder: Path) -> None:
    """Write every archive into a folder of its own below ``folder``: their names have to be those of the guide."""
    every = {f"good-{name}": plan for name, plan in {**GOOD, **TOLERATED}.items()}
    every |= {one.key: one.plan for one in flaws()}
    for key, plan in every.items():
        name, data = archive(plan)
        place = folder / key.replace(" ", "-")
        place.mkdir(parents=True)
        (place / name).write_bytes(data)


if __name__ == "__main__":
    import sys

    if sys.argv[1:]:
        write_all(Path(sys.argv[1]))
    else:
        PDLGC_PAGE.write_text(page(), encoding="utf-8")
