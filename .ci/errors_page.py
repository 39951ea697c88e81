"""Write docs/en/reference/errors.md from the classes of failure; with ``--check`` say whether it is current."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import archiver
import formats
from archiver.cli import exits
from formats.errors import Failure
from formats.words import translate

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "en" / "reference" / "errors.md"
HEAD = """\
# Erreurs et états de sortie · Errors and exit statuses

<!-- Written by .ci/errors_page.py from the classes; do not edit. -->

Un refus est **une phrase** sur la sortie d'erreur, suivie de son **code** entre crochets, et un **état de
sortie**. Un code ne change jamais de sens ; l'état dit quoi faire, le code dit exactement quoi. Entre
accolades : ce que la phrase nomme. Après un refus, la base, le paquet et le disque sont comme avant.

A refusal is **one sentence** on standard error, followed by its **code** in brackets, and an **exit
status**. A code never changes its meaning; the status tells what to do next, the code tells exactly what
happened. In braces: what the sentence names. After a refusal, store, package and disk are as they were.

| état · status | |
|---|---|
| 0 | fait · done |
| 1 | une faute de ce programme · a fault of this program |
| 2 | la ligne de commande · the command line (`usage`) |
| 3 | rien n'est faux, mais tout n'a pas pu être prouvé · nothing is wrong, but not everything could be proven |
| 4 | fait, sauf ce qui est nommé (dossiers, volumes, source) · done, but for what it names (dossiers, volumes) |
| 130 | interrompu · interrupted |
"""
GROUPS = (
    (range(10, 20), "10–19", "Le paquet · The package"),
    (range(20, 30), "20–29", "Clés, cartes, certificats · Keys, cards, certificates"),
    (range(30, 40), "30–39", "Personnes et comptes · People and counts"),
    (range(40, 50), "40–49", "Sources, listes, formats · Sources, lists, formats"),
    (range(50, 60), "50–59", "La machine · The machine"),
    (range(60, 70), "60–69", "Les preuves dans le temps · Evidence over time"),
    (range(70, 256), "1, 2, 70–", "Le reste · The rest"),
)


def failures() -> list[type[Failure]]:
    """Return every class of failure of both packages, the root first."""
    for package in (formats, archiver):
        for name in modules(package):
            importlib.import_module(name)
    ours = {one for one in _below(Failure) if one.__module__.split(".", 1)[0] in {"archiver", "formats"}}
    return [Failure, *sorted(ours, key=lambda one: (one.code, one.__module__))]


def modules(package: ModuleType) -> Iterator[str]:
    """Yield the names of all modules of ``package``."""
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield found.name


def _below(one: type[Failure]) -> Iterator[type[Failure]]:
    for kind in one.__subclasses__():
        yield kind
        yield from _below(kind)


def page() -> str:
    """Return the page."""
    left = failures()
    lines = [HEAD]
    for statuses, title, name in GROUPS:
        here = [one for one in left if _status(one) in statuses]
        if statuses.stop == 256:
            here = left
        left = [one for one in left if one not in here]
        if here:
            lines += [f"## {title} {name}\n", "| code | | phrase · sentence | |", "|---|---|---|---|"]
            lines += [_row(one) for one in sorted(here, key=lambda one: (_status(one), one.code))]
            lines.append("")
    return "\n".join(lines)


def _status(one: type[Failure]) -> int:
    return exits.STATUS_OF_CODE[one.code]


def _row(one: type[Failure]) -> str:
    french = translate(one.sentence, "fr", "archiver", "formats")
    about = " ".join((one.__doc__ or "").split()).replace("``", "`")
    cells = (f"`{one.code}`", str(_status(one)), f"{french}<br>{one.sentence}", about)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main(check: bool) -> int:
    """Write the page, or say whether it is out of date."""
    text = page()
    if not check:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
    if not current:
        print(f"{PAGE.relative_to(ROOT)} is out of date: python .ci/errors_page.py")
    return 0 if current else 1


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
