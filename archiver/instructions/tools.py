"""What somebody needs beside a package who has no program that knows it: pages, programs, checks, a readme.

The programs and the checks are cut out of the page that explains them (``docs/OPEN-BY-HAND.en.txt``),
whose every command a test runs: there is one text of each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from shlex import quote

from archiver.instructions.pages import package_pages
from archiver.instructions.tools_readme import ENGLISH, FRENCH
from formats.printable import printable

PAGE = "OPEN-BY-HAND.en.txt"
CHECKS = "check.sh"
FIRST, AFTER = "1. Unpack", "6. Open the keyring"
"""The headings between which the page checks a package without any key."""

_PROGRAM = re.compile(r"^cat > \.\./(?P<name>[a-z.]+) <<'END'\n(?P<text>.*?)^END$", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```sh\n(?P<commands>.*?)^```$", re.MULTILINE | re.DOTALL)
_HEAD = """\
#!/bin/sh
# Steps 1 to 5 of OPEN-BY-HAND.en.txt (OUVRIR-A-LA-MAIN.fr.txt), one after the other: they need no key.
# Les étapes 1 à 5, l'une après l'autre : elles ne demandent aucune clé.
#   sh check.sh PACKAGE ROOTS.PEM [TSA-ROOTS.PEM]
# The package is unpacked into a new folder "checked" here. / Le paquet est sorti dans un dossier neuf "checked".
set -eu
here=$(cd "$(dirname "$0")" && pwd)
full() { echo "$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"; }
package=$(full "$1") roots=$(full "$2") stampers=$(full "${3:-/dev/null}")
trap 'test $? = 0 || echo "STOPPED: not everything was checked / ARRÊT : tout n’est pas vérifié" >&2' EXIT
mkdir "$here/checked"
cd "$here/checked"
ln -s "$package" package.asice
cp "$roots" roots.pem
cp "$stampers" tsa-roots.pem
cp "$here/evidence.mjs" .

"""


@dataclass(frozen=True, kw_only=True, slots=True)
class DescribedPackage:
    """The package the tools are for: its file's name, its size in bytes, the SHA-256 of the file in hexadecimal."""

    name: str
    size: int
    sha256: str


def tool_files(package: DescribedPackage) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of every file to be put beside ``package``."""
    pages = dict(package_pages())
    yield from pages.items()
    text = pages[PAGE].decode("utf-8")
    for found in _PROGRAM.finditer(text):
        yield found["name"], found["text"].encode("utf-8")
    yield CHECKS, (_HEAD + _checks(text)).encode("utf-8")
    name = printable(package.name)
    facts = {"name": name, "path": quote(f"../{name}"), "size": package.size, "sha256": package.sha256}
    yield "LISEZ-MOI.txt", FRENCH.format(**facts).encode("utf-8")
    yield "README.txt", ENGLISH.format(**facts).encode("utf-8")


def _checks(page: str) -> str:
    """Return the commands of the steps that need no key."""
    steps = page[page.index(f"\n{FIRST}\n") : page.index(f"\n{AFTER}\n")]
    return "\n".join(found["commands"] for found in _BLOCK.finditer(steps))
