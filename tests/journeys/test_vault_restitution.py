"""Restitution: everything of a package goes over, counted and signed, and another vault takes it in."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest

from formats.tlog.checkpoint import read_checkpoint
from formats.tlog.merkle import entry_hash, node_hash
from formats.tlog.note import read_note_key
from tests.journeys.line import Line, contents
from tests.journeys.program import Program
from tests.journeys.test_vault import DEPOSIT, HOSTED, INIT, ROOTS, SIGN
from tests.tools import need

TO = ("--by", "Anne Martin", "--receiver", "Autres Archives", "--signer", "kerbrat/signer.p12")
WHY = ("--reason", "Litige en cours", "--by", "Me Exemple", "--signer", "kerbrat/signer.p12")


@pytest.fixture(scope="module")
def desk(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A vault with a package in two revisions and a hold on it; and one that is empty."""
    names = ("package.asice", "roots.pem", "kerbrat", "pressoir", "receiver.identity")
    desk = Program(folder=small_line.copy(tmp_path_factory.mktemp("restitution"), *names))
    desk(*INIT).ok()
    desk(*DEPOSIT).ok()
    desk("keys", "share", "package.asice", "second.asice", "--identity", "receiver.identity", *ROOTS,
         "--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12").ok()  # fmt: skip
    desk("vault", "deposit", "vault", "second.asice", *SIGN, *ROOTS).ok()
    desk("vault", "hold", "vault", package_of(desk), *WHY).ok()
    return desk


def package_of(desk: Program) -> str:
    return str(desk("vault", "list", "vault", "--json").ok().document["listed"][0]["package"])


def climbed(number: int, size: int, leaf: bytes, proof: list[bytes]) -> bytes:
    """Return the root that a proof leads to (RFC 9162, 2.1.3.2)."""
    first, last, found = number, size - 1, leaf
    for one in proof:
        assert last, "the proof is too long"
        if first & 1 or first == last:
            found = node_hash(one, found)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            found = node_hash(found, one)
        first, last = first >> 1, last >> 1
    assert last == 0, "the proof is too short"
    return found


def test_everything_of_a_package_is_handed_over_counted_and_signed(desk: Program) -> None:
    package = package_of(desk)
    done = desk("vault", "restitute", "vault", package, "--to", "over", *TO).ok()
    assert "1 package handed over" in done.out
    over = desk.folder / "over"
    inventory = json.loads((over / "inventory.json").read_text(encoding="utf-8"))
    (one,) = inventory["packages"]
    assert (one["revisions"], one["destroyed"], inventory["receiver"]) == (2, False, "Autres Archives")
    paths = {line["path"]: line for line in inventory["files"]}
    written = {path for path, kind in contents(over).items() if kind != "folder"}
    (signature,) = over.glob("inventory.json.*.p7s")
    assert written == {*paths, "inventory.json", signature.name, "SHA512SUMS"}
    assert inventory["counts"]["files"] == len(paths)
    assert inventory["counts"]["size"] == sum((over / path).stat().st_size for path in paths)
    for path, line in paths.items():
        assert hashlib.sha512((over / path).read_bytes()).hexdigest() == line["sha512"]
    stored = {path.split("/content/")[1] for path in contents(desk.folder / "disk-a") if "/content/" in path}
    for path in stored:
        assert path.startswith("description") or (over / one["folder"] / path).exists(), path
    command = (
        "cms",
        "-verify",
        "-binary",
        "-inform",
        "DER",
        "-in",
        signature,
        "-content",
        over / "inventory.json",
    )
    trusted = ("-CAfile", desk.folder / "roots.pem", "-purpose", "any", "-out", os.devnull)
    done_by = subprocess.run([need("openssl"), *command, *trusted], capture_output=True, check=False)
    assert done_by.returncode == 0, done_by.stderr
    sums = subprocess.run(["sha512sum", "-c", "SHA512SUMS"], cwd=over, capture_output=True, check=False)
    assert sums.returncode == 0


def test_the_entries_of_the_journal_are_proven_to_be_in_it(desk: Program) -> None:
    desk("vault", "restitute", "vault", "--all", "--to", "proven", *TO).ok()
    extract = json.loads((desk.folder / "proven" / "journal.json").read_text(encoding="utf-8"))
    checkpoint, note = read_checkpoint(extract["checkpoint"].encode("utf-8"))
    note.signed_by((read_note_key(extract["log_key"]),))
    acts = [json.loads(one["entry"])["act"] for one in extract["entries"]]
    assert "hold" in acts and acts[-1] == "restitution" and checkpoint.size == extract["size"]
    for one in extract["entries"]:
        proof = [bytes.fromhex(node) for node in one["inclusion_proof"]]
        leaf = entry_hash(one["entry"].encode("utf-8"))
        assert climbed(one["number"], extract["size"], leaf, proof) == checkpoint.root
        changed = entry_hash(one["entry"].replace("Anne", "Jean").encode("utf-8") + b" ")
        assert climbed(one["number"], extract["size"], changed, proof) != checkpoint.root


def test_another_vault_takes_in_what_came_out(desk: Program) -> None:
    sender = desk("vault", "list", "vault", "--json").ok().document["listed"][0]["sender"]
    desk("vault", "restitute", "vault", "--sender", sender, "--to", "moved", *TO).ok()
    desk("vault", "init", "other", "--name", "Autres Archives", "--storage", "disk-c", *HOSTED).ok()
    signed = ("--signer", "kerbrat/signer.p12", "--receipts", "others")
    done = desk("vault", "deposit", "other", "moved", *signed, *ROOTS)
    listed = desk("vault", "list", "other", "--json").document["listed"]
    assert done.status == 0 and sorted(one["revision"] for one in listed) == [1, 2], done.err


def test_what_is_not_handed_over_leaves_nothing(desk: Program) -> None:
    package = package_of(desk)
    assert desk("vault", "restitute", "vault", "--to", "none", *TO).status == 2
    desk("vault", "restitute", "vault", "nothing", "--to", "none", *TO).refused("vault-object-unknown", 39)
    desk("vault", "restitute", "vault", "--sender", "Nobody", "--to", "none", *TO).refused(
        "depositor-unknown", 39
    )
    (desk.folder / "full").mkdir()
    (desk.folder / "full" / "note.txt").write_text("here", encoding="utf-8")
    desk("vault", "restitute", "vault", package, "--to", "full", *TO).refused("already-exists", 42)
    stored = [one for disk in ("disk-a", "disk-b") for one in (desk.folder / disk).rglob("second.asice")]
    before = [one.read_bytes() for one in stored]
    for one in stored:
        one.write_bytes(b"rotten")
    desk("vault", "restitute", "vault", package, "--to", "none", *TO).refused("vault-object-damaged", 82)
    assert not (desk.folder / "none").exists()
    for one, data in zip(stored, before, strict=True):
        one.write_bytes(data)


def test_one_copy_that_is_damaged_is_named(desk: Program, tmp_path: Path) -> None:
    (stored,) = (desk.folder / "disk-a").rglob("second.asice")
    before = stored.read_bytes()
    stored.write_bytes(b"rotten")
    done = desk("vault", "restitute", "vault", "--all", "--to", tmp_path / "whole", *TO)
    stored.write_bytes(before)
    assert done.status == 4 and "[vault-file-damaged]" in done.err
    assert (tmp_path / "whole" / "inventory.json").exists()
