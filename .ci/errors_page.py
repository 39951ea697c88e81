"""Write reference/errors.md of each language from the failures and .ci/exit_statuses.toml; ``--check`` compares.

A person who is refused something looks up a code or a status, and reads what to do next.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import archiver
import formats
from archiver.cli import exits
from archiver.vault.errors import VAULT_COMMANDS, VaultFailure
from formats.errors import Failure
from formats.words import LANGUAGES, translate

ROOT = Path(__file__).resolve().parents[1]
PAGES = {language: ROOT / "docs" / language / "reference" / "errors.md" for language in LANGUAGES}
STATUSES: dict[str, Any] = tomllib.loads((ROOT / ".ci" / "exit_statuses.toml").read_text(encoding="utf-8"))
HEADS = {
    "fr": """\
# Erreurs et états de sortie

<!-- Written by .ci/errors_page.py from the classes and .ci/exit_statuses.toml; do not edit. -->

Un refus est **une phrase** sur la sortie d’erreur, suivie de son **code** entre crochets, et un **état de sortie**, que
les scripts lisent (`echo $?`). L’état dit quoi faire, le code dit exactement ce qui s’est passé ; aucun des deux ne
change de sens d’une version à l’autre. Après un refus, la base, le paquet et le disque sont comme avant.

Cherchez votre code dans cette page ; au-dessus de lui est écrit quoi faire. Entre accolades : ce que la phrase nomme.
""",
    "en": """\
# Errors and exit statuses

<!-- Written by .ci/errors_page.py from the classes and .ci/exit_statuses.toml; do not edit. -->

A refusal is **one sentence** on standard error, followed by its **code** in brackets, and an **exit status**, which
scripts read (`echo $?`). The status tells what to do, the code tells exactly what happened; neither changes its meaning
from one version to the next. After a refusal, store, package and disk are as they were.

Look for your code on this page; above it stands what to do. In braces: what the sentence names.
""",
}
COLON = {"fr": "\u00a0:", "en": ":"}
ROW_HEADS = {"fr": "| code | phrase |", "en": "| code | sentence |"}


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


def page(language: str) -> str:
    """Return the page in ``language``."""
    by_status: dict[int, list[type[Failure]]] = {int(number): [] for number in STATUSES["status"]}
    for one in failures():
        by_status[exits.STATUS_OF_CODE[one.code]].append(one)
    lines = [HEADS[language]]
    for section in STATUSES["section"]:
        first, last = section["statuses"]
        lines.append(f"## {section[language]}\n")
        for status in sorted(status for status in by_status if first <= status <= last):
            lines += _status(status, by_status[status], language)
    return "\n".join(lines).rstrip("\n") + "\n"


def _status(status: int, failed: list[type[Failure]], language: str) -> Iterator[str]:
    """Yield what a status means, what to do, and the codes that end in it."""
    meaning, remedy = STATUSES["status"][str(status)][language]
    yield f"### {status}{COLON[language]} {meaning}\n"
    yield f"{remedy}\n"
    if failed:
        yield f"{ROW_HEADS[language]}\n|---|---|"
        yield from (_row(one, language) for one in sorted(failed, key=lambda one: one.code))
        yield ""


def _row(one: type[Failure], language: str) -> str:
    sentence = translate(one.sentence, language, "archiver", "formats")
    if issubclass(one, VaultFailure):  # which commands these are, a backup says with its folder
        for name, command in VAULT_COMMANDS.items():
            sentence = sentence.replace(f"{{{name}}}", command)
    return f"| `{one.code}` | {sentence} |".replace("\n", " ")


if __name__ == "__main__":
    from generated_files import write_or_check

    sys.exit(write_or_check({path: page(language) for language, path in PAGES.items()}))
