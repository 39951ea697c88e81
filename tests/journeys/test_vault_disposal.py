"""What a vault may destroy and when: terms of packages, holds placed and lifted, and what is asked wrongly."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.line import Line, contents
from tests.journeys.program import Program
from tests.journeys.test_vault import DEPOSIT, INIT, catalogue
from tests.ocfl_judge import assert_valid_ocfl
from tests.tools import need

SIGNED = ("--signer", "kerbrat/signer.p12")
WHY = ("--reason", "Litige en cours", "--by", "Me Exemple")


@pytest.fixture(scope="module")
def filled(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault on two storages with one package."""
    names = ("package.asice", "roots.pem", "kerbrat", "pressoir", "receiver.identity")
    folder = small_line.copy(tmp_path_factory.mktemp("disposal"), *names)
    desk = Program(folder=folder)
    desk(*INIT).ok()
    desk(*DEPOSIT).ok()
    return folder


@pytest.fixture
def vault(filled: Path, tmp_path: Path) -> Program:
    """A copy of it, moved with its storages."""
    subprocess.run(["cp", "-a", f"{filled}/.", tmp_path], check=True)
    description = tmp_path / "vault" / "vault.json"
    text = description.read_text(encoding="utf-8")
    description.write_text(text.replace(str(filled), str(tmp_path)), encoding="utf-8")
    return Program(folder=tmp_path)


def package_of(desk: Program) -> str:
    return str(desk("vault", "list", "vault", "--json").ok().document["listed"][0]["package"])


def due(desk: Program, *options: str) -> dict[str, Any]:
    (found,) = desk("vault", "due", "vault", "--json", *options).ok().document["listed"]
    return dict(found)


def units_of(package: Path) -> list[dict[str, object]]:
    done = subprocess.run([need("unzip"), "-p", package, "manifest.json"], capture_output=True, check=True)
    return list(json.loads(done.stdout)["units"])


def test_what_is_due_is_told_by_package_and_by_unit(vault: Program) -> None:
    terms = {str(one["id"]): str(one["destroy_from"]) for one in units_of(vault.folder / "package.asice")}
    first, last = min(terms.values()), max(terms.values())
    before = f"{int(first[:4]) - 1}-12-31"
    assert first < last, "the sample has units of several terms"
    assert vault("vault", "due", "vault", "--on", before, "--json").ok().document["listed"] == []
    found = due(vault, "--on", before, "--within", "1", "--units")
    assert (found["state"], found["destroy_from"]) == ("partly-ended", last)
    assert {one["unit"]: one["destroy_from"] for one in found["due_units"]} == {
        unit: term for unit, term in terms.items() if term == first
    }
    found = due(vault, "--on", last, "--units")
    assert (found["state"], found["units_due"], len(found["due_units"])) == ("ended", len(terms), len(terms))
    done = vault("vault", "due", "vault", "--on", last, "--units", "--csv", "due.csv").ok()
    assert "term ended" in done.out and "1 package whose term has ended" in done.out
    with (vault.folder / "due.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    assert {one["unit"] for one in rows} == {"", *terms}
    vault("vault", "due", "vault", "--on", last, "--csv", "due.csv").refused("already-exists", 42)
    vault("vault", "due", "empty").refused("not-a-vault", 83)
    assert vault("vault", "due", "vault", "--on", "someday").status == 2


def test_the_list_of_what_is_due_needs_no_storage(vault: Program) -> None:
    for disk in ("disk-a", "disk-b"):
        (vault.folder / disk).rename(vault.folder / f"{disk}-away")
    assert due(vault, "--on", "2100-01-01")["state"] == "ended"
    vault("vault", "due", "vault", "--on", "2100-01-01", "--units").refused("vault-object-unknown", 39)


def test_a_hold_suspends_every_term_until_it_is_lifted(vault: Program) -> None:
    package = package_of(vault)
    done = vault("vault", "hold", "vault", package, *WHY, *SIGNED).ok()
    assert "Hold 1 on package" in done.out and "1 hold is in force" in done.out
    found = due(vault, "--on", "2100-01-01")
    assert (found["state"], found["units_due"]) == ("suspended", 0)
    assert [(one["number"], one["by"]) for one in found["holds"]] == [(1, "Me Exemple")]
    vault("vault", "hold", "vault", package, *WHY, *SIGNED).ok()
    vault("vault", "lift", "vault", package, *WHY, *SIGNED).refused("vault-hold-unclear", 39)
    vault("vault", "lift", "vault", package, "--number", "3", *WHY, *SIGNED).refused("vault-hold-unknown", 39)
    vault("vault", "lift", "vault", package, "--number", "1", *WHY, *SIGNED).ok()
    assert due(vault, "--on", "2100-01-01")["state"] == "suspended"
    lifted = vault("vault", "lift", "vault", package, *WHY, *SIGNED, "--json").ok().document
    assert (lifted["number"], lifted["lifts"], lifted["in_force"]) == (4, 2, [])
    assert due(vault, "--on", "2100-01-01")["state"] == "ended"
    vault("vault", "lift", "vault", package, *WHY, *SIGNED).refused("vault-hold-unknown", 39)
    vault("vault", "hold", "vault", "nothing", *WHY, *SIGNED).refused("vault-object-unknown", 39)

    # nothing of the history is lost, and every storage has it
    for disk in ("disk-a", "disk-b"):
        assert_valid_ocfl(vault.folder / disk, 2)
        statements = sorted((vault.folder / disk).rglob("content/holds/*.json"))
        assert [one.name for one in statements] == ["001.json", "002.json", "003.json", "004.json"]
        for statement in statements:
            (signature,) = statement.parent.glob(f"{statement.name}.*.p7s")
            command = ("cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content", statement)
            trusted = ("-CAfile", vault.folder / "roots.pem", "-purpose", "any", "-out", os.devnull)
            done = subprocess.run([need("openssl"), *command, *trusted], capture_output=True, check=False)
            assert done.returncode == 0, done.stderr
    assert contents(vault.folder / "disk-a") == contents(vault.folder / "disk-b")
    before = catalogue(vault)
    (vault.folder / "vault" / "catalogue.db").unlink()
    vault("vault", "rebuild", "vault").ok()
    assert catalogue(vault) == before
    vault("vault", "audit", "vault").ok()
