"""The reference of JSON output names every value that commands print."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archiver.sealing.age import HybridIdentity, read_identities
from archiver.sealing.recovery.recovery_set import split_identity
from archiver.verdict_questions import BY_NAME
from formats.words import LANGUAGES
from tests.docs.pages import DOCS, ROOT
from tests.docs.practices import lay_results

PROGRAM = Path(sys.executable).with_name("archiver")
ROOTS = ("--roots", "roots.pem")
READING = ("--identity", "receiver.identity", *ROOTS)
COMMANDS: dict[str, tuple[str, ...]] = {
    "collected": ("collect", "dicom", str(ROOT / "samples/practice/imaging"), "--into", "practice.db"),
    "exported": (
        *("export", "practice.db", "again.asice", "--practitioner", "99900000029", "--roster", "roster.csv"),
        *("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12"),
    ),
    "verdict": ("verify", "package.asice", "--roots", "roots.pem"),
    "inspected": ("inspect", "package.asice", *READING),
    "receipt": ("import", "package.asice", *READING, "--into", "other.db"),
    "unit": ("keys", "show-unit", "package.asice", *READING, "--patient", "45"),
    "people": ("people", "list", "successor.db"),
    "keys": ("keys", "new", "new", "--name", "Dr Exemple", "--no-passphrase"),
    "kit": ("keys", "recovery", "receiver.identity", "--out", "kit.pdf"),
    "drill": ("keys", "drill", "package.asice", "--cards-file", "cards.txt", *ROOTS),
    "restored": ("keys", "restore", "restored", "--cards-file", "cards.txt", "--no-passphrase"),
    "shared": (
        *("keys", "share", "package.asice", "shared.asice", *READING),
        *("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12"),
    ),
    "tools": ("package", "tools", "package.asice"),
    "decision": ("people", "same", "successor.db", "1", "--by", "Dr Exemple"),
}
NAMED = re.compile(r"^\| (?P<paths>`[^|]*`)", re.MULTILINE)
VARYING = {"kinds", "tables", "counts", "left_out", "facts", "patient"}
"""Objects whose names are data."""


@pytest.fixture(scope="module")
def folder(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("output")
    files = ("package.asice", "roots.pem", "receiver.identity", "roster.csv")
    stores = ("practice.db", "practice.files", "successor.db", "successor.files")
    lay_results(demo, folder, *files, *stores, "kerbrat", "pressoir")
    with (folder / "receiver.identity").open("rb") as stream:
        (key,) = read_identities(stream)
    assert isinstance(key, HybridIdentity)
    cards = split_identity(key, threshold=3, cards=5).cards
    (folder / "cards.txt").write_text(
        "\n\n".join(" ".join(card.words) for card in cards[:3]), encoding="utf-8"
    )
    return folder


@pytest.mark.parametrize("shape", COMMANDS)
def test_every_value_is_described(shape: str, folder: Path) -> None:
    command = [str(PROGRAM), *COMMANDS[shape], "--json"]
    environment = os.environ | {"ARCHIVER_DATA": str(folder / "data")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    assert done.returncode == (4 if shape == "collected" else 0), done.stderr.decode()
    document = json.loads(done.stdout)
    found = set(_paths(document, ""))
    assert found
    for language in LANGUAGES:
        described = set(_described(shape, language))
        assert found <= described, f"{shape} does not describe {sorted(found - described)} in {language}"


def _described(shape: str, language: str) -> Iterator[str]:
    """Return the paths of one section; the verdict's answers and the tables repeat a group."""
    page = "receipt.md" if shape == "receipt" else "output.md"
    text = (DOCS / language / "reference" / page).read_text(encoding="utf-8")
    if shape != "receipt":
        text = next(part for part in text.split("\n## ") if part.startswith(f"{shape}\n"))
    paths = [path for row in NAMED.finditer(text) for path in re.findall(r"`([^`]+)`", row["paths"])]
    yield from paths
    if shape == "verdict":
        yield from (f"{one}.{path[2:]}" for path in paths if path.startswith("*.") for one in BY_NAME)
        yield from (f"findings[].{name}" for name in ("severity", "code", "where", "text"))
    if shape == "collected":
        yield from (path.replace("kinds.", "tables.") for path in paths)
    if shape in {"unit", "receipt"}:
        yield from ("patient.*", "dossiers[].patient.*")


def _paths(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        varies = path.rpartition(".")[2].removesuffix("[]") in VARYING
        for name, inner in value.items():
            yield from _paths(inner, f"{path}.{'*' if varies else name}".removeprefix("."))
    elif isinstance(value, list):
        for inner in value:
            yield from _paths(inner, f"{path}[]")
    else:
        yield path
