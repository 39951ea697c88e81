"""Every bad package through the real program: one sentence, a stable code, and nothing has changed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archiver.package import layout
from archiver.sealing.keyring import KeyringEntry
from formats.zip import records
from tests.faults.packages import flipped, listed_anew, members, members_of, packed, signed_again, units
from tests.journeys.line import IMPORT, Line, contents
from tests.journeys.program import Program

READING = ("--identity", "receiver.identity", "--roots", "roots.pem")


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    """Return the program on the successor's machine."""
    return Program(
        folder=small_line.copy(
            tmp_path, "package.asice", "receiver.identity", "roots.pem", "successor.db", "kerbrat", "pressoir"
        )
    )


def refused(desk: Program, code: str, status: int, *, verdict: bool = True) -> str:
    """Import the package, look into it, verify it: all refuse, and everything stays. Return the sentence."""
    before = contents(desk.folder)
    sentence = desk(*IMPORT, "--receipt", "receipt.json").refused(code, status)
    desk.here("inspect", "package.asice", *READING).refused(code, status)
    desk.here("import", "package.asice", *READING, "--into", "fresh.db").refused(code, status)
    if verdict:
        done = desk.here("verify", "package.asice", "--roots", "roots.pem")
        assert done.status == status
        assert f"[{code}]" in done.out
    assert contents(desk.folder) == before
    return sentence


def change(desk: Program, make: Callable[[bytes], bytes]) -> None:
    path = desk.folder / "package.asice"
    path.write_bytes(make(path.read_bytes()))


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_cut_short(desk: Program, share: float) -> None:
    change(desk, lambda whole: whole[: int(len(whole) * share)])
    assert "cut short" in refused(desk, "package-truncated", 11)


def test_empty(desk: Program) -> None:
    change(desk, lambda whole: b"")
    refused(desk, "not-a-package", 10)


def test_a_text_file(desk: Program) -> None:
    change(desk, lambda whole: b"Bonjour, voici les dossiers.\r\n" * 40)
    assert "not an archive package" in refused(desk, "not-a-package", 10)


def test_any_zip_file(desk: Program) -> None:
    change(desk, lambda whole: packed({"notes.txt": b"..."}))
    refused(desk, "not-a-package", 10)


def test_something_behind_it(desk: Program) -> None:
    change(desk, lambda whole: whole + b"\x00")
    refused(desk, "container-irregular", 10)


def test_no_file_at_all(desk: Program) -> None:
    (desk.folder / "package.asice").unlink()
    before = contents(desk.folder)
    for command in (
        (*IMPORT, "--receipt", "receipt.json"),
        ("inspect", "package.asice", *READING),
        ("verify", "package.asice"),
        ("keys", "show-unit", "package.asice", *READING, "--patient", "45"),
    ):
        assert desk.here(*command).refused("file-not-found", 54) == "File not found: package.asice."
    assert contents(desk.folder) == before


def test_an_empty_folder(desk: Program) -> None:
    (desk.folder / "package.asice").unlink()
    (desk.folder / "package.asice").mkdir()
    refused(desk, "not-a-package", 10)


def test_a_unit_is_missing(desk: Program) -> None:
    def lose(whole: bytes) -> bytes:
        parts = members_of(whole)
        del parts[units(whole)[1]]
        return packed(parts)

    lost = units((desk.folder / "package.asice").read_bytes())[1]
    change(desk, lose)
    assert lost in refused(desk, "member-missing", 12)


def test_a_unit_too_many(desk: Program) -> None:
    extra = layout.unit_member("a" * 26)
    change(desk, lambda whole: packed({**members_of(whole), extra: b"?"}))
    assert extra in refused(desk, "member-unlisted", 13)


def test_two_units_swapped(desk: Program) -> None:
    def swap(whole: bytes) -> bytes:
        parts = members_of(whole)
        one, other = units(whole)[:2]
        return packed({**parts, one: parts[other], other: parts[one]})

    change(desk, swap)
    assert "units/" in refused(desk, "digest-mismatch", 14)


def test_two_units_swapped_by_someone_who_signs_for_it(desk: Program) -> None:
    """Every list is right and the signer is accepted; only the keyring knows better."""

    def swap(sealed: dict[str, bytes]) -> None:
        one, other = list(sealed)[:2]
        sealed[one], sealed[other] = sealed[other], sealed[one]

    change(desk, lambda whole: signed_again(whole, desk.folder / "kerbrat", swap))
    desk("verify", "package.asice", "--roots", "roots.pem").ok()
    before = contents(desk.folder)
    desk(*IMPORT, "--receipt", "receipt.json").refused("unit-mismatch", 19)
    assert contents(desk.folder) == before


def one_patient(**lie: object) -> Callable[[KeyringEntry], KeyringEntry]:
    """Return a change of what the list says of the first patient it names, and of nobody else."""
    units: list[str] = []

    def change(entry: KeyringEntry) -> KeyringEntry:
        if entry.patient is None or units:
            return entry
        units.append(entry.unit)
        patient = {**entry.patient, **lie.get("patient", {})}
        rest = {name: value for name, value in lie.items() if name != "patient"}
        return replace(entry, patient=patient, **rest)

    return change


@pytest.mark.parametrize(
    "lie",
    [
        {"patient": {"family": "AUTRE"}},
        {"patient": {"birth_date": "1901-01-01"}},
        {"patient": {"id": "0" * 8}},
        {"patient": {"number": "99999"}},
        {"patient": {"ins": "1" * 15}},
        {"salt": "x" * 43},
    ],
)
def test_a_list_that_names_another_patient_than_the_dossier(desk: Program, lie: dict[str, object]) -> None:
    """Every digest is right and the signer accepted: the sender's list speaks of somebody else."""
    keys, identity = desk.folder / "kerbrat", desk.folder / "receiver.identity"
    change(desk, lambda whole: listed_anew(whole, keys, identity, one_patient(**lie)))
    desk("verify", "package.asice", "--roots", "roots.pem").ok()
    desk.here("inspect", "package.asice", *READING).ok()
    done = desk(*IMPORT, "--receipt", "receipt.json", "--json")
    refused = [one for one in done.document["dossiers"] if one["refusal_code"]]
    assert [(one["refusal_code"], one["patient_read"]) for one in refused] == [("unit-mismatch", False)]
    others = [one for one in done.document["dossiers"] if one not in refused]
    assert others and all(one["patient_read"] for one in others)
    assert done.status == 4 and done.document["totals"]["came_in"] > 0
    assert "so the sender's list; the dossier was not read" in (desk.folder / "receipt.txt").read_text(
        "utf-8"
    )
    unit = refused[0]["unit"]
    desk("keys", "show-unit", "package.asice", *READING, "--patient", unit).refused("unit-mismatch", 19)


def test_a_list_that_gives_a_unit_another_number(desk: Program) -> None:
    """As where a unit is not the archive its line promises: whoever signed that mixed units up, and is not followed."""
    keys, identity = desk.folder / "kerbrat", desk.folder / "receiver.identity"
    lie = one_patient(member="PAT09999.ZIP")
    change(desk, lambda whole: listed_anew(whole, keys, identity, lie))
    desk("verify", "package.asice", "--roots", "roots.pem").ok()
    desk(*IMPORT, "--receipt", "receipt.json").refused("unit-mismatch", 19)


def test_what_is_shown_says_whether_it_was_read(desk: Program) -> None:
    assert desk.here("inspect", "package.asice", *READING, "--json").ok().document["read"] is False
    done = desk.here("inspect", "package.asice", *READING).ok()
    assert "the sender's list" in done.out + done.err
    shown = (
        desk.here("keys", "show-unit", "package.asice", *READING, "--patient", "45", "--json").ok().document
    )
    assert shown["patient_read"] is True and shown["patient"]["number"] == "45"
    assert (
        "Patient read in the dossier:"
        in desk.here("keys", "show-unit", "package.asice", *READING, "--patient", "45").ok().out
    )


def test_a_unit_lost_by_someone_who_signs_for_it(desk: Program) -> None:
    def lose(sealed: dict[str, bytes]) -> None:
        del sealed[next(iter(sealed))]

    change(desk, lambda whole: signed_again(whole, desk.folder / "kerbrat", lose))
    refused(desk, "unit-mismatch", 19, verdict=False)


def test_another_packages_keyring(desk: Program, demo_line: Line) -> None:
    foreign = members_of((demo_line.folder / "package.asice").read_bytes())[layout.KEYRING]
    change(desk, lambda whole: packed({**members_of(whole), layout.KEYRING: foreign}))
    assert layout.KEYRING in refused(desk, "digest-mismatch", 14)


def test_signed_by_a_stranger(desk: Program) -> None:
    change(desk, lambda whole: signed_again(whole, desk.folder / "pressoir", lambda sealed: None))
    assert "someone you have not accepted" in refused(desk, "signer-untrusted", 17)


def test_accepting_nobody_is_accepting_no_import(desk: Program) -> None:
    before = contents(desk.folder)
    command = ("import", "package.asice", "--identity", "receiver.identity", "--into", "successor.db")
    assert "fingerprint" in desk(*command).refused("signer-untrusted", 17)
    assert contents(desk.folder) == before


def test_the_signature_is_another_packages(desk: Program, demo_line: Line) -> None:
    foreign = members_of((demo_line.folder / "package.asice").read_bytes())[layout.SIGNATURE]
    change(desk, lambda whole: packed({**members_of(whole), layout.SIGNATURE: foreign}))
    refused(desk, "signature-invalid", 16)


def test_the_manifest_was_changed_and_the_sums_with_it(desk: Program) -> None:
    def lie(whole: bytes) -> bytes:
        parts = members_of(whole)
        parts[layout.MANIFEST] = parts[layout.MANIFEST].replace(b"collaboration-exit", b"collaboration-exot")
        return packed(parts)

    change(desk, lie)
    assert layout.MANIFEST in refused(desk, "digest-mismatch", 14)


def test_the_signed_list_was_changed(desk: Program) -> None:
    def lie(whole: bytes) -> bytes:
        parts = members_of(whole)
        parts[layout.ASIC_MANIFEST] = parts[layout.ASIC_MANIFEST].replace(
            b"application/zip", b"application/gzip"
        )
        return packed(parts)

    change(desk, lie)
    refused(desk, "signature-invalid", 16)


# -- one bit, anywhere --------------------------------------------------------------------

STRUCTURES = {
    "content of a unit": (lambda at: at["unit"].offset + 200, "digest-mismatch", 14),
    "last byte of a unit": (lambda at: at["unit"].offset + at["unit"].size - 1, "digest-mismatch", 14),
    "keyring": (lambda at: at[layout.KEYRING].offset + 40, "digest-mismatch", 14),
    "readme": (lambda at: at[layout.README].offset, "digest-mismatch", 14),
    "media type": (lambda at: at[layout.MIMETYPE].offset + 5, "not-a-package", 10),
    "public manifest": (lambda at: at[layout.MANIFEST].offset + 60, "digest-mismatch", 14),
    "sums": (lambda at: at[layout.SUMS].offset + 10, "digest-mismatch", 14),
    "signed list": (lambda at: at["media type of a unit"], "digest-mismatch", 14),
    "signature": (lambda at: at[layout.SIGNATURE].offset + at[layout.SIGNATURE].size - 9, "digest-mismatch", 14),
    "name in front of a member": (lambda at: at["unit"].offset - 8, "container-irregular", 10),
    "directory": (lambda at: at["directory"] + 20, "container-irregular", 10),
    "end record": (lambda at: at["end"] + 8, "container-irregular", 10),
}  # fmt: skip
"""A position in every structure of a package, and what must be said about a flipped bit there."""


@pytest.mark.parametrize("structure", STRUCTURES)
def test_a_flipped_bit(desk: Program, structure: str) -> None:
    whole = (desk.folder / "package.asice").read_bytes()
    at: dict[str, object] = {one.name: one for one in members(whole)}
    last = members(whole)[-1]
    at |= {"unit": at[units(whole)[0]], "directory": last.offset + last.size, "end": len(whole) - 22}
    at["media type of a unit"] = whole.index(b'MimeType="application/zip"') + 12
    place, code, status = STRUCTURES[structure]
    change(desk, lambda whole: flipped(whole, place(at)))
    refused(desk, code, status)


def positions(whole: bytes) -> Iterator[int]:
    """Yield positions in every member, in what stands before it, in the directory and in the end record."""
    chance = random.Random(20)
    end = 0
    for member in members(whole):
        yield from (end, chance.randrange(end, member.offset), member.offset - 1)
        if member.size:
            inside = chance.randrange(member.offset, member.offset + member.size)
            yield from (member.offset, inside, member.offset + member.size - 1)
        end = member.offset + member.size
    stop = len(whole) - records.END.size
    yield from sorted(chance.sample(range(end, stop), 30))
    yield from range(stop, len(whole))


def test_a_flipped_bit_anywhere(desk: Program) -> None:
    path = desk.folder / "package.asice"
    whole = path.read_bytes()
    before = contents(desk.folder)
    chance = random.Random(21)
    tried = 0
    for position in positions(whole):
        path.write_bytes(flipped(whole, position, chance.randrange(8)))
        done = desk.here(*IMPORT)
        assert 10 <= done.status <= 45 and done.out == "", (position, done)
        assert done.err.startswith("error: ") and done.err.count("\n") == 1, (position, done)
        tried += 1
    assert tried > 100
    path.write_bytes(whole)
    assert contents(desk.folder) == before
    desk.here(*IMPORT).ok()
