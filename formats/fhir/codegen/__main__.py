"""Print the straight-line code of kinds of record, or of all: ``python -m formats.fhir.codegen [KIND …]``."""

from __future__ import annotations

import sys

from formats.fhir.codegen.compiled import COMPILED
from formats.fhir.codegen.names import Names


def main(kinds: list[str]) -> int:
    """Print the writer and the reader of each description of ``kinds``."""
    for (name, kind), compiled in COMPILED.items():
        if not kinds or kind in kinds:
            functions = [compiled.source(function, Names()) for function in ("write", "read")]
            sys.stdout.write("\n\n".join([f"# {kind}: {name}", *functions, ""]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
