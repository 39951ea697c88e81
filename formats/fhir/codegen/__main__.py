"""Print the straight-line code of kinds of record, or of all: ``python -m formats.fhir.codegen [KIND …]``."""

from __future__ import annotations

import sys

from formats.fhir.codegen.compiled import COMPILED


def main(kinds: list[str]) -> int:
    """Print the writer and the reader of each description of ``kinds``."""
    for (name, kind), compiled in COMPILED.items():
        if not kinds or kind in kinds:
            sys.stdout.write(f"# {kind}: {name}\n\n{compiled.source()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
