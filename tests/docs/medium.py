"""What somebody finds in 2046: packages with everything a package can have, and every way of opening them."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from archiver.sealing.age import encrypt_identities
from archiver.signing.certificates.reading import write_pem
from tests.docs.practices import PRACTICE
from tests.journeys.line import EXPORT, FEW
from tests.journeys.program import Program
from tests.scanner import kit_of
from tests.tsa import LocalAuthority, listening

PASSPHRASE = "quatre molaires et un café crème"
CARDS = (4, 0, 2)
"""The cards that were found, of five."""


COURT = ("proof.json", "patients.age")
"""What was made for a court."""


def write_medium(demo: Path, folder: Path) -> None:
    """Fill ``folder`` with a package of few dossiers that two people signed, with a time-stamp.

    Its evidence was renewed twice; what was made for a court lies beside it, with the key of an expert.
    It opens by a key that is under a passphrase, by cards and by passphrase;
    ``later.asice`` is a later revision of it, ``part.asice`` was split off. In ``volumes`` the same
    dossiers are cut by years, with evidence in each volume and beside what ties them.
    """
    desk = _desk(demo, folder / "desk")
    far = datetime(2100, 1, 1, tzinfo=UTC)
    stamper = LocalAuthority("Horodatage Exemple", datetime(2020, 1, 1, tzinfo=UTC), far)
    (desk.folder / "tsa-roots.pem").write_text(write_pem(stamper.roots), encoding="ascii")
    (desk.folder / "passphrase.txt").write_text(PASSPHRASE + "\n", encoding="utf-8")
    # this machine's own clock: the certificates of both signers were made a moment ago
    with listening(lambda query: (200, stamper.reply(query, datetime.now(UTC)))) as address:
        both = ("--co-signer", "loriot/signer.p12", "--tsa", address)
        desk(*EXPORT, "--passphrase-file", "passphrase.txt", *both).ok()
        proof = ("package.asice", "--tsa", address, "--tsa-roots", "tsa-roots.pem")
        desk("evidence", "build", *proof).ok()
        desk("evidence", "renew", *proof).ok()
        desk("evidence", "renew", *proof, "--hash", "sha512").ok()
    desk(
        "keys", "share", "package.asice", "later.asice", "--identity", "receiver.identity",
        "--roots", "roots.pem", "--signer", "kerbrat/signer.p12", "--to", "loriot/receiver.recipient",
    ).ok()  # fmt: skip
    roster = (desk.folder / "roster.csv").read_text(encoding="utf-8").splitlines()
    lines = [roster[0], *(line.rpartition(";")[0] + ";" for line in roster if line.startswith("45;"))]
    (desk.folder / "part.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    desk(
        "split", "package.asice", "--roster", "part.csv", "--receiver", "Part=pressoir/receiver.recipient",
        "--leave-out", "--unsigned", "essai", "--to", "parts", "--sender", "Conservatoire",
        "--identity", "receiver.identity", "--roots", "roots.pem", "--signer", "kerbrat/signer.p12",
    ).ok()  # fmt: skip
    shutil.copy2(desk.folder / "parts" / "Part.asice", folder / "part.asice")
    desk("keys", "new", "expert", "--name", "Me Odile Exemple", "--no-passphrase").ok()
    reading = ("package.asice", "--identity", "receiver.identity", "--roots", "roots.pem")
    desk("proof", "patient", *reading, "perrichon", "--to", "proof.json").ok()
    desk("proof", "absent", *reading, "--expert", "expert/receiver.recipient", "--to", "patients.age").ok()
    shutil.copy2(desk.folder / "expert" / "receiver.identity", folder / "expert.identity")
    volumes = desk.folder / "volumes"
    volumes.mkdir()
    desk(*EXPORT[:2], "volumes/package.asice", *EXPORT[3:], "--by-retention-year").ok()
    with listening(lambda query: (200, stamper.reply(query, datetime.now(UTC)))) as address:
        desk(
            "evidence", "build", "volumes/package-set.asice", "--tsa", address, "--tsa-roots", "tsa-roots.pem"
        ).ok()
    shutil.copytree(volumes, folder / "volumes")
    words = kit_of(desk.folder)
    (folder / "cards.txt").write_text("\n".join(words[one] for one in CARDS) + "\n", encoding="utf-8")
    for name in ("package.asice", "later.asice", "roots.pem", "tsa-roots.pem", "passphrase.txt", *COURT):
        shutil.copy2(desk.folder / name, folder)
    identity = (desk.folder / "receiver.identity").read_text(encoding="utf-8")
    locked = encrypt_identities(identity, PASSPHRASE, randomness=os.urandom)
    (folder / "locked.identity").write_bytes(locked)


def _desk(demo: Path, folder: Path) -> Program:
    """Return the program beside the practice, a short roster, and the keys of both practitioners."""
    folder.mkdir()
    shutil.copy2(demo / "practice.db", folder)
    for name in ("practice.files", "kerbrat", "pressoir"):
        shutil.copytree(demo / name, folder / name)
    shutil.copy2(demo / "receiver.identity", folder)
    lines = (PRACTICE / "roster.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    rows = [lines[0], *(line for line in lines[1:] if line.split(";")[0] in FEW)]
    (folder / "roster.csv").write_text("".join(rows), encoding="utf-8")
    program = Program(folder=folder)
    program("keys", "new", "loriot", "--name", "Dr Sabine Loriot", "--no-passphrase").ok()
    roots = ((folder / who / "roots.pem").read_text(encoding="ascii") for who in ("kerbrat", "loriot"))
    (folder / "roots.pem").write_text("".join(roots), encoding="ascii")
    return program
