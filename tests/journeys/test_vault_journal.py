"""The journal of a vault: what was done stands in it, sealed and time-stamped, and another vault witnesses it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from archiver.signing.certificates.reading import write_pem
from tests.docs.pages import DOCS, blocks, language_of, run_blocks, twin
from tests.journeys.line import Line
from tests.journeys.program import Program
from tests.journeys.test_vault import DEPOSIT, HOSTED, INIT
from tests.tsa import LocalAuthority, listening

PAGES = [DOCS / "en" / "how-to" / "journal.md", twin(DOCS / "en" / "how-to" / "journal.md")]
PREMIS = "{http://www.loc.gov/premis/v3}"
VERIFY = ("vault", "journal", "verify", "vault")


@pytest.fixture(scope="module")
def vault(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A vault in which something was done, with a seal and its time-stamp, and the roots of who stamped it."""
    folder = tmp_path_factory.mktemp("journal")
    desk = Program(folder=small_line.copy(folder, "package.asice", "roots.pem", "kerbrat"))
    stamper = LocalAuthority("Horodatage", datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    (folder / "tsa.pem").write_text(write_pem(stamper.roots), encoding="ascii")
    desk(*INIT).ok()
    desk(*DEPOSIT).ok()
    package = desk("vault", "list", "vault", "--json").ok().document["listed"][0]["package"]
    given = ("--by", "Dr Exemple", "--reason", "Contrôle")
    desk("vault", "fetch", "vault", package, "--to", "back", *given).ok()
    desk("vault", "audit", "vault").ok()
    desk("vault", "host", "vault", "storage-1", *HOSTED).ok()
    with listening(lambda query: (200, stamper.reply(query, datetime.now(UTC)))) as address:
        roots = ("--tsa-roots", "tsa.pem")
        done = desk("vault", "journal", "seal", "vault", "--tsa", address, *roots, "--json").ok().document
    assert (done["number"], done["time_stamp"]) == (1, True)
    return desk


def test_what_was_done_stands_in_it(vault: Program) -> None:
    shown = vault("vault", "journal", "show", "vault", "--json").ok().document["entries"]
    acts = [(one["act"], one["outcome"]) for one in shown]
    assert acts == [
        ("description", "journal-begun"),
        ("deposit", "accepted"),
        ("access", "granted"),
        *[("check", "ok")] * 4,
        ("description", "revised"),
    ]
    assert shown[2]["agent"] == "Dr Exemple" and shown[2]["facts"] == {"files": 1, "reason": "Contrôle"}
    package = shown[1]["object"]
    of_it = vault("vault", "journal", "show", "vault", "--package", package, "--json").document["entries"]
    assert [one["act"] for one in of_it] == ["deposit", "access", "check", "check"]
    assert "4 entries." in vault("vault", "journal", "show", "vault", "--act", "check").ok().out
    assert "0 entries." in vault("vault", "journal", "show", "vault", "--since", "2999-01-01").ok().out


def test_it_is_verified_with_its_time_stamp(vault: Program) -> None:
    done = vault(*VERIFY, "--tsa-roots", "tsa.pem", "--json").ok().document
    assert (done["entries"], done["unsealed"], done["findings"]) == (8, 0, [])
    assert done["seals"][0]["trusted"] is True and done["seals"][0]["authority"]
    out = vault(*VERIFY, "--tsa-roots", "tsa.pem").ok().out
    assert "8 entries, 0 of them not sealed yet" in out and "Horodatage" in out
    assert "[journal-stamp-unproven]" in vault(*VERIFY).ok().err
    key = done["key"]
    vault(*VERIFY, "--log-key", key).ok()
    assert vault(*VERIFY, "--log-key", "x").status == 2


def test_what_somebody_changed_ends_with_a_status(vault: Program, tmp_path: Path) -> None:
    desk = Program(folder=Path(shutil.copytree(vault.folder, tmp_path / "desk")))
    description = desk.folder / "vault" / "vault.json"
    text = description.read_text(encoding="utf-8")
    description.write_text(text.replace(str(vault.folder), str(desk.folder)), encoding="utf-8")
    record = desk.folder / "disk-a" / "extensions" / "archiver-journal" / "records" / "001"
    record.write_bytes(record.read_bytes().replace(b"accepted", b"rejected"))
    done = desk(*VERIFY, "--json")
    assert done.status == 89 and "journal-entry-changed" in {one["code"] for one in done.document["findings"]}
    shutil.rmtree(desk.folder / "vault" / "journal")
    assert desk(*VERIFY).status == 89
    package = desk("vault", "list", "vault", "--json").document["listed"][0]["package"]
    desk("vault", "fetch", "vault", package, "--to", "again").refused("journal-missing", 89)
    assert "brought back from storage-2" in desk("vault", "rebuild", "vault").ok().out
    desk("vault", "fetch", "vault", package, "--to", "again").ok()
    desk(*VERIFY, "--checkpoint", "package.asice").refused("checkpoint-unreadable", 89)


def test_another_vault_witnesses_it(vault: Program) -> None:
    other = ("vault", "init", "other", "--name", "Autres Archives", "--uncertified", "Données fictives")
    vault(*other).ok()
    key = vault(*VERIFY, "--json").document["key"]
    witness = ("vault", "witness", "other", "vault/journal", "--to")
    vault(*witness, "cosigned").refused("witnessed-key-unknown", 89)
    done = vault(*witness, "cosigned", "--log-key", key, "--json").ok().document
    assert (done["entries"], done["before"]) == (8, 0)
    vault("vault", "journal", "add-cosignature", "vault", "cosigned").refused("checkpoint-unreadable", 89)
    vault("vault", "journal", "add-cosignature", "vault", "cosigned", "--witness", done["key"]).ok()
    seen = vault(*VERIFY, "--witness", done["key"], "--json").ok().document
    assert [len(one["witnesses"]) for one in seen["seals"]] == [1]
    vault(*VERIFY, "--checkpoint", "cosigned").ok()
    assert "which continue the 8" in vault(*witness, "cosigned-again").ok().out


def test_it_is_written_as_premis_and_as_json(vault: Program) -> None:
    vault("vault", "journal", "export", "vault", "--to", "journal.xml").ok()
    tree = etree.parse(vault.folder / "journal.xml")
    assert [one.tag for one in tree.getroot()] == [
        *[f"{PREMIS}object"] * 2,
        *[f"{PREMIS}event"] * 8,
        *[f"{PREMIS}agent"] * 2,
    ]
    types = [one.text for one in tree.iter(f"{PREMIS}eventType")]
    assert types[1:4] == ["ingestion", "dissemination", "fixity check"]
    vault("vault", "journal", "export", "vault", "--json-lines", "--to", "journal.jsonl").ok()
    lines = (vault.folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(one)["number"] for one in lines] == list(range(8))
    vault("vault", "journal", "export", "vault", "--to", "journal.xml").refused("already-exists", 42)


@pytest.mark.parametrize("page", PAGES, ids=language_of)
def test_the_recipe_without_this_program_runs_as_written(vault: Program, page: Path) -> None:
    recipe = [block for block in blocks(page) if "recipe" in block.words]
    assert len(recipe) == 2
    (vault.folder / "recompute.py").unlink(missing_ok=True)
    run_blocks(page, recipe, vault.folder, interpreter="bash")


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("records/001", b"accepted", b"rejected", "entry 1 was changed"),
        ("records/001", b'"number":1', b'"number":2', "entry 1 is missing or not in its place"),
        ("seals/001", b"\n8\n", b"\n7\n", "another history"),
        ("tile/entries/000.p/8", b"accepted", b"rejected", "a bundle was changed"),
    ],
)
def test_the_recipe_finds_what_was_changed(
    vault: Program, tmp_path: Path, name: str, old: bytes, new: bytes, reason: str
) -> None:
    journal = Path(shutil.copytree(vault.folder / "vault" / "journal", tmp_path / "journal"))
    data = (journal / name).read_bytes()
    assert old in data
    (journal / name).write_bytes(data.replace(old, new))
    (block, _) = (one for one in blocks(PAGES[0]) if "recipe" in one.words)
    script = block.commands.split("<<'PYTHON'\n")[1].split("\nPYTHON\n")[0]
    done = subprocess.run(
        [sys.executable, "-I", "-c", script, journal], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1 and reason in done.stderr
