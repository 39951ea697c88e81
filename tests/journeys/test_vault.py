"""The archive company's vault: made, filled, listed, given back, its catalogue lost, and everything that is refused."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.package.manifests.manifest import Volume
from archiver.signing.certificates.reading import write_pem
from tests.journeys.line import Line, contents
from tests.journeys.program import Program
from tests.ocfl_judge import assert_valid_ocfl
from tests.packages import package, signer, volume_set
from tests.tsa import LocalAuthority, listening

HOSTED = ("--host", "Val de Loire Archives", "--certificate", "HDS-2026-0001", "--until", "2099-05-01")
SIGN = ("--signer", "kerbrat/signer.p12", "--receipts", "receipts")
ROOTS = ("--roots", "roots.pem")
INIT = (
    "vault",
    "init",
    "vault",
    "--name",
    "Archives Exemple",
    "--storage",
    "disk-a",
    "--storage",
    "disk-b",
    *HOSTED,
)
DEPOSIT = ("vault", "deposit", "vault", "package.asice", *SIGN, *ROOTS)


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    """The program beside a package, the roots, and a key to sign receipts with."""
    names = ("package.asice", "roots.pem", "kerbrat", "pressoir", "receiver.identity")
    return Program(folder=small_line.copy(tmp_path, *names))


@pytest.fixture
def vault(desk: Program) -> Program:
    desk(*INIT).ok()
    desk(*DEPOSIT).ok()
    return desk


def catalogue(desk: Program) -> list[str]:
    with closing(sqlite3.connect(desk.folder / "vault" / "catalogue.db")) as connection:
        return list(connection.iterdump())


def objects(desk: Program) -> dict[str, str]:
    """What lies on the first storage, but for the journal, which says that a receipt was given again."""
    found = contents(desk.folder / "disk-a")
    return {name: data for name, data in found.items() if not name.startswith("extensions/archiver-journal")}


def package_of(desk: Program) -> str:
    return str(desk("vault", "list", "vault", "--json").ok().document["listed"][0]["package"])


def test_a_package_is_deposited_on_two_storages_and_given_back(desk: Program) -> None:
    done = desk(*INIT).ok()
    assert "with 2 storages" in done.out and not done.err
    done = desk(*DEPOSIT).ok()
    assert "revision 1, on 2 storages; receipt receipts/" in done.out and "1 package deposited" in done.out
    listed = desk("vault", "list", "vault", "--json").ok().document["listed"]
    assert len(listed) == 1 and listed[0]["storages"] == ["storage-1", "storage-2"]
    desk("vault", "list", "vault", "--sender", listed[0]["sender"]).ok()
    desk("vault", "list", "vault", "--sender", "Nobody").refused("depositor-unknown", 39)
    package = listed[0]["package"]
    shown = desk("vault", "show", "vault", package, "--json").ok().document
    assert [one["path"] for one in shown["files"]][-1] == "revision-001/package.asice"
    assert [one["head"] for one in shown["storages"]] == ["v1", "v1"]
    desk("vault", "show", "vault", package).ok()
    desk("vault", "fetch", "vault", package, "--to", "back", "--receipts").ok()
    assert (desk.folder / "back" / "package.asice").read_bytes() == (
        desk.folder / "package.asice"
    ).read_bytes()
    desk("vault", "fetch", "vault", package, "--to", "back").refused("already-exists", 42)
    desk("vault", "fetch", "vault", package, "--to", "other", "--revision", "2").refused(
        "vault-object-unknown", 39
    )
    for disk in ("disk-a", "disk-b"):
        assert_valid_ocfl(desk.folder / disk, 2)
    assert contents(desk.folder / "disk-a") == contents(desk.folder / "disk-b")


def test_the_receipt_is_signed_and_says_what_was_deposited(vault: Program) -> None:
    (receipt,) = (vault.folder / "receipts").glob("*.json")
    (signature,) = (vault.folder / "receipts").glob("*.p7s")
    document = json.loads(receipt.read_text(encoding="utf-8"))
    data = (vault.folder / "package.asice").read_bytes()
    assert document["files"] == [
        {
            "path": "revision-001/package.asice",
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "sha512": hashlib.sha512(data).hexdigest(),
        }
    ]
    assert document["verdict"]["intact"] == {"state": "proven", "code": document["verdict"]["intact"]["code"]}
    assert [one["hosting"]["certificate"] for one in document["storages"]] == ["HDS-2026-0001"] * 2
    command = (
        "openssl",
        "cms",
        "-verify",
        "-binary",
        "-inform",
        "DER",
        "-in",
        signature,
        "-content",
        receipt,
    )
    trusted = ("-CAfile", vault.folder / "roots.pem", "-purpose", "any", "-out", os.devnull)
    assert subprocess.run([*command, *trusted], capture_output=True, check=False).returncode == 0


def test_everything_of_a_depositor_is_given_back_with_its_digests(vault: Program) -> None:
    sender = vault("vault", "list", "vault", "--json").document["listed"][0]["sender"]
    vault("vault", "export", "vault", "--sender", sender, "--to", "all").ok()
    done = subprocess.run(
        ["sha512sum", "-c", "SHA512SUMS"], cwd=vault.folder / "all", capture_output=True, check=False
    )
    assert done.returncode == 0 and done.stdout.count(b": OK") == 3
    vault("vault", "export", "vault", "--sender", "Nobody", "--to", "none").refused("depositor-unknown", 39)


def test_the_catalogue_is_made_again_from_the_files_alone(vault: Program) -> None:
    before = catalogue(vault)
    (vault.folder / "vault" / "catalogue.db").unlink()
    for command in (("list", "vault"), ("export", "vault", "--sender", "x", "--to", "y")):
        vault("vault", *command).refused("catalogue-unreadable", 84)
    vault(*DEPOSIT).refused("catalogue-unreadable", 84)
    done = vault("vault", "rebuild", "vault").ok()
    assert "1 package, 1 deposit" in done.out
    assert catalogue(vault) == before
    (vault.folder / "vault" / "catalogue.db").write_bytes(CHECKS)
    vault("vault", "list", "vault").refused("catalogue-unreadable", 84)
    vault("vault", "rebuild", "vault", "--json").ok()
    assert catalogue(vault) == before


def test_the_same_package_twice_is_refused_and_its_receipt_given_again(vault: Program) -> None:
    before = objects(vault)
    shutil.rmtree(vault.folder / "receipts")
    vault(*DEPOSIT).refused("deposit-duplicate", 85)
    assert len(list((vault.folder / "receipts").iterdir())) == 2
    assert objects(vault) == before


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_a_newer_and_an_older_revision_in_either_order(desk: Program, order: tuple[int, int]) -> None:
    shutil.copy(desk.folder / "package.asice", desk.folder / "revision-1.asice")
    desk("keys", "share", "package.asice", "revision-2.asice", "--identity", "receiver.identity", *ROOTS,
         "--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12").ok()  # fmt: skip
    desk(*INIT).ok()
    for number in order:
        desk("vault", "deposit", "vault", f"revision-{number}.asice", *SIGN, *ROOTS).ok()
    listed = desk("vault", "list", "vault", "--json").ok().document["listed"]
    assert sorted(one["revision"] for one in listed) == [1, 2] and len({one["object"] for one in listed}) == 1
    for number in (1, 2):
        desk(
            "vault",
            "fetch",
            "vault",
            listed[0]["package"],
            "--to",
            f"back-{number}",
            "--revision",
            str(number),
        ).ok()
        name = f"revision-{number}.asice"
        assert (desk.folder / f"back-{number}" / name).read_bytes() == (desk.folder / name).read_bytes()
    desk("vault", "fetch", "vault", listed[0]["package"], "--to", "back").ok()
    assert [one.name for one in (desk.folder / "back").iterdir()] == ["revision-2.asice"]
    before = catalogue(desk)
    desk("vault", "rebuild", "vault").ok()
    assert catalogue(desk) == before
    assert_valid_ocfl(desk.folder / "disk-b", 2)


def test_what_is_not_proven_is_not_deposited(desk: Program) -> None:
    desk(*INIT).ok()
    before = contents(desk.folder / "disk-a")
    desk(*DEPOSIT[:-2]).refused("deposit-unproven", 88)
    data = bytearray((desk.folder / "package.asice").read_bytes())
    data[len(data) // 2] ^= 1
    (desk.folder / "damaged.asice").write_bytes(data)
    desk("vault", "deposit", "vault", "damaged.asice", *SIGN, *ROOTS).refused("digest-mismatch", 14)
    (desk.folder / "list.csv").write_text("a,b\n", encoding="utf-8")
    desk("vault", "deposit", "vault", "list.csv", *SIGN, *ROOTS).refused("not-a-package", 10)
    desk("vault", "deposit", "vault", "lost.asice", *SIGN, *ROOTS).refused("file-not-found", 54)
    assert contents(desk.folder / "disk-a") == before
    assert desk("vault", "list", "vault", "--json").ok().document["listed"] == []


def test_one_that_is_refused_does_not_stop_the_others(desk: Program) -> None:
    desk(*INIT).ok()
    (desk.folder / "bad.asice").write_bytes((desk.folder / "package.asice").read_bytes()[:-100])
    done = desk("vault", "deposit", "vault", "bad.asice", "package.asice", *SIGN, *ROOTS, "--json")
    assert done.status != 0 and done.document["status"] == done.status
    assert [one["refusal"] is None for one in done.document["each"]] == [False, True]


def test_evidence_that_was_added_since_is_taken_and_other_bytes_are_refused(vault: Program) -> None:
    """The file is another, the revision is the same; what is refused are bytes that no evidence is."""
    stamper = LocalAuthority("Horodatage", datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    (vault.folder / "tsa.pem").write_text(write_pem(stamper.roots), encoding="ascii")
    with listening(lambda query: (200, stamper.reply(query, datetime.now(UTC)))) as address:
        vault("evidence", "build", "package.asice", "--tsa", address, "--tsa-roots", "tsa.pem").ok()
    before = contents(vault.folder / "disk-a")
    vault(*DEPOSIT).refused("deposit-unproven", 88)  # nobody accepts the authority: the record proves nothing
    assert contents(vault.folder / "disk-a") == before
    trusted = (*DEPOSIT, "--tsa-roots", "tsa.pem")
    assert "evidence that came since was added, 2 files" in vault(*trusted).ok().out
    (record,) = (vault.folder / "disk-a").rglob("evidence/001/package.asice/META-INF/evidencerecord001.ers")
    with zipfile.ZipFile(vault.folder / "package.asice") as archive:
        assert archive.read("META-INF/evidencerecord001.ers") == record.read_bytes()
    vault(*trusted).refused("deposit-duplicate", 85)
    assert contents(vault.folder / "disk-a") == contents(vault.folder / "disk-b")
    assert_valid_ocfl(vault.folder / "disk-a", 2)


def test_a_set_whose_evidence_was_renewed_comes_again(vault: Program) -> None:
    stamper = LocalAuthority("Horodatage", datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    (vault.folder / "tsa.pem").write_text(write_pem(stamper.roots), encoding="ascii")
    (vault.folder / "signers.pem").write_text(write_pem(signer().roots), encoding="ascii")
    volume_set(vault.folder)
    deposit = (
        "vault",
        "deposit",
        "vault",
        "p-set.asice",
        *SIGN,
        "--roots",
        "signers.pem",
        "--tsa-roots",
        "tsa.pem",
    )
    vault(*deposit).ok()
    with listening(lambda query: (200, stamper.reply(query, datetime.now(UTC)))) as address:
        trusted = ("p-set.asice", "--tsa", address, "--tsa-roots", "tsa.pem")
        vault("evidence", "build", *trusted).ok()
        assert "7 files" in vault(*deposit).ok().out, (
            "three volumes with two members each, and the record of the set"
        )
        vault("evidence", "renew", *trusted).ok()
        assert "4 files" in vault(*deposit).ok().out, "what lists the members is as it was"
    vault(*deposit).refused("deposit-duplicate", 85)
    # a volume of the same name that is another package
    (vault.folder / "p-002.asice").write_bytes(
        package(count=7, place=Volume(set_id="urn:test:set", volume=2, of=3))
    )
    assert vault(*deposit).status not in {0, 85}
    (vault.folder / "one.asice").write_bytes(package(count=3))
    single = ("vault", "deposit", "vault", "one.asice", *SIGN, "--roots", "signers.pem")
    vault(*single).ok()
    (vault.folder / "one.asice").write_bytes(package(count=4))
    vault(*single).refused("deposit-differs", 86)


def test_an_unpacked_package_is_not_deposited(vault: Program) -> None:
    with zipfile.ZipFile(vault.folder / "package.asice") as archive:
        archive.extractall(vault.folder / "unpacked")
    vault("vault", "deposit", "vault", "unpacked", *SIGN, *ROOTS).refused("deposit-unpacked", 40)


def test_no_vault_a_newer_one_and_one_that_is_there(desk: Program) -> None:
    (desk.folder / "empty").mkdir()
    for command in ("list empty", "rebuild empty", "show empty x", "list nowhere", "audit nowhere"):
        desk("vault", *command.split()).refused("not-a-vault", 83)
    desk(*INIT).ok()
    desk(*INIT).refused("already-exists", 42)
    desk("vault", "init", "second", "--name", "x", "--storage", "disk-a", *HOSTED).refused(
        "storage-occupied", 81
    )
    description = desk.folder / "vault" / "vault.json"
    document = json.loads(description.read_text(encoding="utf-8"))
    description.write_text(json.dumps(document | {"vault": 2}), encoding="utf-8")
    desk("vault", "list", "vault").refused("vault-newer", 83)
    flaws: tuple[dict[str, object], ...] = ({"storages": []}, {"fixity_days": 0}, {"storages": 1})
    wrong = [json.dumps(document | one) for one in flaws]
    for text in ("", "{", "[]", "{}", *wrong):
        description.write_text(text, encoding="utf-8")
        desk("vault", "list", "vault").refused("vault-invalid", 83)


def test_a_host_is_certified_or_it_is_said_why_not(desk: Program) -> None:
    desk("vault", "init", "vault", "--name", "x").refused("hosting-unexplained", 70)
    done = desk(
        "vault", "init", "vault", "--name", "x", "--uncertified", "Essai sur des données fictives"
    ).ok()
    assert "[vault-one-storage]" in done.err and "Essai sur" in done.out
    done = desk("vault", "host", "vault", "storage-1", "--certificate", "HDS-1", "--until", "2020-01-01").ok()
    assert "[vault-certificate-ended]" in done.err
    assert desk("vault", "host", "vault", "storage-9", *HOSTED).status == 2
    desk("vault", "host", "vault", "storage-1", *HOSTED).ok()
    assert desk("vault", "list", "vault", "--json").ok().document["vault"]["revision"] == 3
    assert_valid_ocfl(desk.folder / "vault" / "storage", 1)


def test_another_disk_or_none_is_no_storage_of_the_vault(vault: Program) -> None:
    (vault.folder / "disk-b").rename(vault.folder / "away")
    shutil.copy(vault.folder / "package.asice", vault.folder / "again.asice")
    vault(*DEPOSIT).refused("storage-unreachable", 80)
    vault("vault", "rebuild", "vault").refused("storage-unreachable", 80)
    package = package_of(vault)
    done = vault("vault", "fetch", "vault", package, "--to", "back")
    assert done.status == 4 and (vault.folder / "back" / "package.asice").exists()
    (vault.folder / "disk-b").mkdir()
    vault(*DEPOSIT).refused("storage-foreign", 80)


def test_a_damaged_storage_is_passed_over(vault: Program) -> None:
    (stored,) = (vault.folder / "disk-a").rglob("package.asice")
    data = stored.read_bytes()
    stored.write_bytes(data[:100] + bytes([data[100] ^ 1]) + data[101:])
    package = package_of(vault)
    done = vault("vault", "fetch", "vault", package, "--to", "back")
    assert done.status == 4 and "[vault-file-damaged]" in done.err
    assert "No storage" not in done.err and "archiver vault repair" in done.err
    assert (vault.folder / "back" / "package.asice").read_bytes() == data
    (other,) = (vault.folder / "disk-b").rglob("package.asice")
    other.unlink()
    vault("vault", "fetch", "vault", package, "--to", "none").refused("vault-object-damaged", 82)
    assert not (vault.folder / "none" / "package.asice").exists()


@pytest.fixture
def busy(vault: Program) -> Iterator[Program]:
    """A vault whose lock another process holds."""
    code = (
        "import sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from archiver.vault.lock import vault_lock\n"
        "with vault_lock(Path(sys.argv[1]), 'archiver vault deposit', at=datetime.now(UTC)):\n"
        "    print('busy', flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code, str(vault.folder / "vault")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield vault
        process.kill()


def test_two_commands_at_once(busy: Program) -> None:
    sentence = busy(*DEPOSIT).refused("vault-busy", 57)
    assert "archiver vault deposit, process " in sentence
    busy("vault", "rebuild", "vault").refused("vault-busy", 57)
    busy("vault", "list", "vault").ok()


def test_a_storage_where_a_deposit_was_ended_is_finished(vault: Program) -> None:
    """What is on one storage alone is not doubted, and not done: the next deposit brings it to the other."""
    for path in list((vault.folder / "disk-b").rglob("*")):
        if path.name == "0=ocfl_object_1.1" and (path.parent / "v1" / "content" / "revision-001").is_dir():
            shutil.rmtree(path.parent)
    done = vault(*DEPOSIT).ok()
    assert "on 2 storages" in done.out
    assert contents(vault.folder / "disk-a") == contents(vault.folder / "disk-b")
    assert_valid_ocfl(vault.folder / "disk-b", 2)


def test_an_audit_reads_what_is_due_and_nothing_twice(vault: Program) -> None:
    done = vault("vault", "audit", "vault", "--json").ok().document
    assert done["checked"] == {"ok": 4, "damaged": 0, "could-not-check": 0}
    assert done["coverage"]["verified"] == done["coverage"]["copies"] == 4 and done["coverage"]["share"] == 1
    assert vault("vault", "audit", "vault", "--json").ok().document["checked"]["ok"] == 0
    assert (
        vault("vault", "audit", "vault", "--all", "--most", "3", "--json").ok().document["checked"]["ok"] == 3
    )
    vault("vault", "audit", "vault", "--prometheus", "vault.prom").ok()
    text = (vault.folder / "vault.prom").read_text(encoding="utf-8")
    assert text.count("# TYPE") == 7 and "archiver_vault_copies_verified{vault=" in text


def test_an_audit_that_is_not_done_is_not_whole(vault: Program) -> None:
    done = vault("vault", "audit", "vault", "--most", "1", "--json")
    assert done.status == 4
    assert done.document["coverage"]["overdue"] == 3 and done.document["coverage"]["oldest_verified"] is None


@pytest.mark.parametrize("processes", ["1", "2"])
def test_damage_and_what_nobody_could_check_are_two_things(vault: Program, processes: str) -> None:
    (stored,) = (vault.folder / "disk-a").rglob("package.asice")
    data = bytearray(stored.read_bytes())
    data[len(data) // 2] ^= 1
    stored.write_bytes(data)
    (vault.folder / "disk-b").rename(vault.folder / "away")
    done = vault("vault", "audit", "vault", "--processes", processes, "--json")
    assert done.status == 87
    assert done.document["checked"] == {"ok": 1, "damaged": 1, "could-not-check": 2}
    (damaged,) = (one for one in done.document["findings"] if one["code"] == "vault-copy-damaged")
    assert damaged["where"].startswith("storage-1: urn:uuid:") and "E092" in damaged["text"]
    (vault.folder / "disk-b").mkdir()
    done = vault("vault", "audit", "vault", "--json")
    assert done.document["checked"]["could-not-check"] == 2, "an empty folder is another disk, and no damage"
    (vault.folder / "disk-b").rmdir()
    (vault.folder / "away").rename(vault.folder / "disk-b")
    stored.write_bytes((vault.folder / "package.asice").read_bytes())
    done = vault("vault", "audit", "vault").ok()
    assert "Damaged: 0" in done.out and "Could not be checked: 0" in done.out


def test_a_lost_object_is_damage(vault: Program) -> None:
    (stored,) = (vault.folder / "disk-a").rglob("revision-001")
    shutil.rmtree(stored.parents[2])
    done = vault("vault", "audit", "vault", "--json")
    assert done.status == 87 and done.document["checked"]["damaged"] == 1
    assert done.document["coverage"]["verified"] == 3


@pytest.mark.parametrize("second", ["alias", "disk-a/inner", "disk-a/../disk-a"])
def test_two_names_of_one_place_are_no_two_storages(desk: Program, second: str) -> None:
    (desk.folder / "disk-a").mkdir()
    (desk.folder / "alias").symlink_to("disk-a")
    init = [second if one == "disk-b" else one for one in INIT]
    desk(*init).refused("storage-shared", 81)
    assert not (desk.folder / "vault").exists()
    assert not list((desk.folder / "disk-a").iterdir())


def test_of_several_packages_each_refusal_names_its_own(vault: Program) -> None:
    folder = vault.folder
    (folder / "empty.asice").write_bytes(b"")
    (folder / "short.asice").write_bytes((folder / "package.asice").read_bytes()[:100_000])
    names = ("empty.asice", "short.asice", "nowhere.asice")
    done = vault("vault", "deposit", "vault", *names, *SIGN, *ROOTS)
    lines = done.err.splitlines()
    assert len(lines) == 3 and all(sum(name in line for line in lines) == 1 for name in names), done.err
    assert not any(line.count(name) > 1 for line in lines for name in names), done.err


def test_a_storage_that_nobody_may_read_is_said_in_words(vault: Program) -> None:
    place = next((vault.folder / "disk-a").rglob("0=ocfl_object_1.1")).parents[1]
    place.chmod(0)
    try:
        done = vault.bound()("vault", "audit", "vault", "--all", "--processes", "1")
        rebuilt = vault.bound()("vault", "rebuild", "vault")
    finally:
        place.chmod(0o700)
    assert done.status == 4 and "you have no permission" in done.err, done.err
    assert "Error" not in done.err and "unexpected" not in rebuilt.err, rebuilt.err


CHECKS = b"SQLite format 3\0 and then something else" * 100
"""A table of checks that is none."""


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (("audit", "vault", "--processes", "1"), 0),
        (("repair", "vault"), 4),
        (("storage", "add", "vault", "disk-c", "--uncertified", "Essai"), 0),
        (("approver", "vault", "--name", "Anne", "--signer", "kerbrat/signer.p12"), 0),
        (
            (
                "storage",
                "clear",
                "vault",
                "storage-1",
                "--by",
                "A",
                "--to",
                "x",
                "--signer",
                "kerbrat/signer.p12",
            ),
            70,
        ),
    ],
    ids=["audit", "repair", "add", "approver", "clear"],
)
def test_whoever_puts_a_table_of_checks_aside_says_so_once(
    vault: Program, command: tuple[str, ...], status: int
) -> None:
    table = vault.folder / "vault" / "checks.db"
    table.write_bytes(CHECKS)
    done = vault("vault", *command)
    assert done.status == status, done.err
    assert done.err.count("[vault-checks-damaged]") == 1 and "checks.db.damaged-1" in done.err
    assert "vault-checks-damaged" not in vault("vault", "audit", "vault", "--processes", "1").err
    if command[0] in {"audit", "repair", "storage"} and status != 70:  # nobody is an approver twice
        table.write_bytes(CHECKS)
        again = [one if one != "disk-c" else "disk-d" for one in command]
        done = vault("vault", *again, "--json")
        assert done.status == status, done.err
        codes = [one["code"] for one in done.document["findings"]]
        assert codes.count("vault-checks-damaged") == 1


def test_a_table_of_checks_that_is_none_is_put_aside_and_everything_read_again(vault: Program) -> None:
    vault("vault", "audit", "vault", "--processes", "1").ok()
    folder = vault.folder / "vault"
    (folder / "checks.db").write_bytes(b"SQLite format 3\0 and then something else" * 100)
    done = vault("vault", "audit", "vault", "--processes", "1", "--json").ok().document
    assert done["checked"]["ok"] == 4, "nothing counts as verified of which nobody knows"
    assert (folder / "checks.db.damaged-1").read_bytes().startswith(b"SQLite format 3\0 and")
    vault("vault", "repair", "vault").ok()


def test_a_catalogue_that_another_program_has_open_is_busy_and_not_lost(vault: Program) -> None:
    with closing(sqlite3.connect(vault.folder / "vault" / "catalogue.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert "rebuild" not in vault("vault", "list", "vault").refused("vault-busy", 57)
    vault("vault", "list", "vault").ok()
