"""Scenes of a vault: filled, sealed, audited, repaired, renewed, its catalogue lost, packages given back, destroyed."""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path
from typing import Any

from archiver.signing.certificates.reading import write_pem
from tests.faults.injection.authority import AUTHORITY
from tests.faults.injection.catalogue import EVERY
from tests.faults.injection.desk import Desk, clock_of
from tests.faults.injection.scene import Scene, Supplies
from tests.journeys.line import contents
from tests.ocfl_judge import assert_valid_ocfl

A, B = "vault/disk-a", "vault/disk-b"
"""Storages within the folder of the vault, so that the whole is copied for each point."""
INIT = (
    *("vault", "init", "vault", "--name", "Archives Exemple", "--storage", A, "--storage", B),
    *("--certificate", "HDS-2026-0001", "--until", "2099-05-01"),
)
SIGNER = ("--signer", "kerbrat/signer.p12")
DEPOSIT = (
    *("vault", "deposit", "vault", "package.asice", *SIGNER),
    *("--receipts", "receipts", "--roots", "roots.pem"),
)
AUDIT = ("vault", "audit", "vault", "--processes", "1", "--json")
RENEW = ("vault", "renew", "vault")
ANNE = ("--by", "Anne Martin", "--signer", "anne/signer.p12")
PAUL = ("--by", "Paul Durand", "--signer", "paul/signer.p12")
BEFORE, ENDED = "2045-12-01 10:00:00", "2046-02-01 10:00:00"
"""When the term of the package has nearly ended, and when it has."""
EXISTS, IN_VAULT, VAULT_EXISTS, DONE, NOT_A_VAULT = 42, 85, 83, 76, 83


def _lay(folder: Path, supplies: Supplies) -> Desk:
    supplies.copy(folder, "package.asice", "roots.pem", "kerbrat")
    return Desk(folder=folder)


def _empty(folder: Path, supplies: Supplies) -> Desk:
    desk = _lay(folder, supplies)
    desk(*INIT).ok()
    return desk


def _filled(folder: Path, supplies: Supplies) -> Desk:
    desk = _empty(folder, supplies)
    desk(*DEPOSIT).ok()
    return desk


def _audited(folder: Path, supplies: Supplies) -> Desk:
    desk = _filled(folder, supplies)
    desk(*AUDIT).ok()
    return desk


def _damaged(folder: Path, supplies: Supplies) -> None:
    """One copy of the package has a flipped bit, and an audit has found it."""
    desk = _audited(folder, supplies)
    path = stored(desk, A)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert desk(*AUDIT, "--all").status == 87


def _attested(folder: Path, supplies: Supplies) -> None:
    """A profile names an authority that answers; no package has evidence yet."""
    desk = _filled(folder, supplies)
    (folder / "tsa.pem").write_text(write_pem(AUTHORITY.roots), encoding="ascii")
    address = ("--tsa", supplies.authority, "--within", "30")
    desk("vault", "profile", "set", "vault", "--tsa-roots", "tsa.pem", *address).ok()


def _without_catalogue(folder: Path, supplies: Supplies) -> None:
    desk = _audited(folder, supplies)
    desk("vault", "journal", "seal", "vault").ok()
    (folder / "vault" / "catalogue.db").unlink()


def _approved(folder: Path, supplies: Supplies) -> None:
    """In 2046, a package whose destruction two people have agreed on."""
    _filled(folder, supplies)
    desk = Desk(folder=folder, clock=clock_of(BEFORE))
    persons = {"anne": "Anne Martin", "paul": "Paul Durand", "company": "Archives Exemple"}
    for name, person in persons.items():
        desk("keys", "new", name, "--name", person, "--no-passphrase").ok()
    desk(*AUDIT).ok()
    for name in ("anne", "paul"):
        key = ("--signer", f"{name}/signer.p12")
        desk("vault", "approver", "vault", "--name", persons[name], *key).ok()
    desk = Desk(folder=folder, clock=clock_of(ENDED))
    made = desk("vault", "destroy", "request", "vault", "--due", *ANNE, "--json").ok().document
    desk("vault", "destroy", "approve", "vault", made["destruction"], *PAUL).ok()


def stored(desk: Desk, disk: str) -> Path:
    """Return the copy of the package on a disk."""
    return min((desk.folder / disk).rglob("package.asice"), key=lambda one: len(one.parts))


def listed(desk: Desk) -> list[dict[str, Any]]:
    """Return what the vault lists."""
    done = desk("vault", "list", "vault", "--json")
    assert done.status in {0, 4}, done.err
    return list(json.loads(done.out)["listed"])


def _entries(desk: Desk, act: str) -> list[Any]:
    shown = desk("vault", "journal", "show", "vault", "--act", act, "--json").ok()
    return list(shown.document["entries"])


def _package(desk: Desk) -> str:
    return str(listed(desk)[0]["package"])


def assert_sound(desk: Desk) -> None:
    """Both storages have the same and all of it; every command that looks at it says so.

    The audit comes first: as every act it brings to each storage what that lacks of the journal.
    """
    audited = desk(*AUDIT, "--all").ok().document["checked"]
    assert audited["ok"] >= 4 and not audited["damaged"] and not audited["could-not-check"]
    made = desk("vault", "rebuild", "vault", "--json").ok().document
    assert (made["objects"], made["deposits"], made["findings"]) == (1, 1, [])
    verified = desk("vault", "journal", "verify", "vault", "--json").ok().document
    # that no authority was asked is said of each seal, and no fault of the journal
    assert {one["code"] for one in verified["findings"]} <= {"journal-seal-unstamped"}, verified["findings"]
    assert len({one["entries"] for one in verified["copies"]}) == 1
    assert contents(desk.folder / A) == contents(desk.folder / B)


def assert_deposited(desk: Desk) -> None:
    """The package is there, listed, shown, receipted, and as it was deposited."""
    (one,) = listed(desk)
    assert one["storages"] == ["storage-1", "storage-2"]
    desk("vault", "show", "vault", one["package"]).ok()
    assert len(list((desk.folder / "receipts").iterdir())) == 2
    original = (desk.folder / "package.asice").read_bytes()
    for disk in (A, B):
        copies = [path.read_bytes() for path in (desk.folder / disk).rglob("package.asice")]
        assert copies and all(copy == original for copy in copies)
    assert _entries(desk, "deposit")
    assert_sound(desk)
    if not os.environ.get(EVERY):  # of hundreds of points this would take most of the time
        assert_valid_ocfl(desk.folder / A, 2)


def _readable(desk: Desk, acknowledged: bool) -> None:
    """Whatever ended meanwhile, what was in the vault is listed, whole, and its journal is one."""
    del acknowledged
    assert len(listed(desk)) == 1
    verified = desk("vault", "journal", "verify", "vault", "--json")
    assert verified.status in {0, 4}, verified.out


def _deposit_between(desk: Desk, acknowledged: bool) -> None:
    known = listed(desk)
    if acknowledged:
        assert [one["storages"] for one in known] == [["storage-1", "storage-2"]]
        assert _entries(desk, "deposit")
        assert len(list((desk.folder / "receipts").iterdir())) == 2


def _init_between(desk: Desk, acknowledged: bool) -> None:
    done = desk("vault", "list", "vault", "--json")
    if acknowledged:
        done.ok()
    else:
        assert done.status in {0, NOT_A_VAULT}, done.err


def _init_after(desk: Desk) -> None:
    assert listed(desk) == []
    desk(*DEPOSIT).ok()
    assert_deposited(desk)


def _rebuild_between(desk: Desk, acknowledged: bool) -> None:
    done = desk("vault", "list", "vault", "--json")
    assert done.status == 0 or not acknowledged, done.err
    if done.status == 0:
        assert len(json.loads(done.out)["listed"]) == 1, "a catalogue that is half made is none"
    else:
        assert done.status != 1, done.err


def _repair_after(desk: Desk) -> None:
    original = (desk.folder / "package.asice").read_bytes()
    for disk in (A, B):
        assert stored(desk, disk).read_bytes() == original
    desk(*AUDIT, "--all").ok()
    assert desk("vault", "repair", "vault", "--json").ok().document["copies"] == []
    made = desk("vault", "rebuild", "vault", "--json").ok().document
    assert (made["objects"], made["findings"]) == (1, [])
    desk("vault", "journal", "verify", "vault").ok()


def _repair_between(desk: Desk, acknowledged: bool) -> None:
    _readable(desk, acknowledged)
    original = (desk.folder / "package.asice").read_bytes()
    assert stored(desk, B).read_bytes() == original
    if acknowledged:
        assert stored(desk, A).read_bytes() == original


def _renew_after(desk: Desk) -> None:
    done = desk(*RENEW, "--dry-run", "--json")
    assert [one["action"] for one in json.loads(done.out)["records"]] == ["none"]
    assert_deposited(desk)


def _seal_after(desk: Desk) -> None:
    done = desk("vault", "journal", "verify", "vault", "--json").ok().document
    assert not done["unsealed"]
    assert_sound(desk)


def _given(desk: Desk, folder: str) -> None:
    """What was given back is there, byte for byte, once."""
    (back,) = (desk.folder / folder).rglob("package.asice")
    assert back.read_bytes() == (desk.folder / "package.asice").read_bytes()


def _given_between(folder: str, desk: Desk, acknowledged: bool) -> None:
    _readable(desk, acknowledged)
    for back in (desk.folder / folder).rglob("package.asice") if (desk.folder / folder).exists() else ():
        assert back.read_bytes() == (desk.folder / "package.asice").read_bytes(), (
            "half a package has its name"
        )
    if acknowledged:
        _given(desk, folder)


def _given_after(folder: str, desk: Desk) -> None:
    _given(desk, folder)
    left = [path for path in (desk.folder / folder).rglob("*") if path.name.endswith(".part")]
    assert left == [], "what was half done lies beside what is done"
    assert_deposited(desk)


def _destruction(desk: Desk) -> dict[str, Any]:
    done = desk("vault", "destroy", "list", "vault", "--json")
    (found,) = json.loads(done.out)["listed"]
    assert done.status == (4 if found["state"] == "begun" else 0)
    return dict(found)


def _carry_out(desk: Desk) -> tuple[str, ...]:
    name = str(_destruction(desk)["destruction"])
    command = ("vault", "destroy", "carry-out", "vault", name, "--to", "certificates")
    return (*command, "--signer", "company/signer.p12")


def _destroy_between(desk: Desk, acknowledged: bool) -> None:
    state = _destruction(desk)["state"]
    original = (desk.folder / "package.asice").read_bytes()
    left = [one.read_bytes() == original for one in (desk.folder / "vault").rglob("package.asice")]
    if acknowledged:
        assert (state, left) == ("done", []), (state, left)
    else:
        assert state in {"begun", "done"} or (state == "approved" and left == [True, True]), (state, left)


def _destroy_after(desk: Desk) -> None:
    assert _destruction(desk)["state"] == "done"
    assert len(list((desk.folder / "certificates").rglob("*.pdf"))) == 2
    assert contents(desk.folder / A) == contents(desk.folder / B)
    part = (desk.folder / "package.asice").read_bytes()[4096:8192]
    for disk in (A, B):
        for path in (desk.folder / disk).rglob("*"):
            assert not path.is_file() or part not in path.read_bytes(), path
    made = desk("vault", "rebuild", "vault", "--json").ok().document
    assert (made["objects"], made["findings"]) == (2, [])
    desk(*AUDIT).ok()


def _always(*command: str) -> Any:
    return lambda _: command


def _give(command: str, folder: str, *words: str, options: tuple[str, ...] = ()) -> Scene:
    def command_of(desk: Desk) -> tuple[str, ...]:
        named = words or (_package(desk),)
        return ("vault", command, "vault", *named, "--to", folder, *options)

    return Scene(
        make=_filled,
        command=command_of,
        between=partial(_given_between, folder),
        after=partial(_given_after, folder),
        again=frozenset({0, EXISTS}),
    )


SCENES = {
    "vault init": Scene(
        make=_lay,
        command=_always(*INIT),
        between=_init_between,
        after=_init_after,
        again=frozenset({0, VAULT_EXISTS, EXISTS}),
    ),
    "vault deposit": Scene(
        make=_empty,
        command=_always(*DEPOSIT),
        between=_deposit_between,
        after=assert_deposited,
        again=frozenset({0, IN_VAULT}),
    ),
    "vault audit": Scene(make=_filled, command=_always(*AUDIT), between=_readable, after=assert_deposited),
    "vault journal seal": Scene(
        make=_audited,
        command=_always("vault", "journal", "seal", "vault"),
        between=_readable,
        after=_seal_after,
    ),
    "vault repair": Scene(
        make=_damaged,
        command=_always("vault", "repair", "vault"),
        between=_repair_between,
        after=_repair_after,
    ),
    "vault renew": Scene(make=_attested, command=_always(*RENEW), between=_readable, after=_renew_after),
    "vault rebuild": Scene(
        make=_without_catalogue,
        command=_always("vault", "rebuild", "vault"),
        between=_rebuild_between,
        after=_seal_after,
    ),
    "vault fetch": _give("fetch", "back"),
    "vault export": _give("export", "all", "--sender", "Cabinet dentaire des Tilleuls"),
    "vault restitute": _give(
        "restitute", "over", options=("--by", "Anne Martin", "--receiver", "Autres Archives", *SIGNER)
    ),
    "vault destroy carry-out": Scene(
        make=_approved,
        command=_carry_out,
        between=_destroy_between,
        after=_destroy_after,
        again=frozenset({0, DONE}),
        moment=ENDED,
    ),
}
