"""A signing key from an authority: what readers would refuse is refused at once, what can be put right is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import signing_keys as keys
from tests.journeys.line import EXPORT, Line
from tests.journeys.program import Program
from tests.signing_keys import certified, inter, leaf, root, write_p12

KEY = "own/signer.p12"
COMMANDS: dict[str, tuple[str, ...]] = {
    "export": tuple(KEY if part == "kerbrat/signer.p12" else part for part in EXPORT),
    "share": (
        *("keys", "share", "given.asice", "shared.asice", "--identity", "receiver.identity"),
        *("--roots", "roots.pem", "--signer", KEY, "--to", "pressoir/receiver.recipient"),
    ),
    "report": (
        *("verify", "given.asice", "--roots", "roots.pem"),
        *("--report", "report.pdf", "--report-signer", KEY),
    ),
    "co-signer": (*EXPORT, "--co-signer", KEY),
}
"""Every command that signs."""


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    small_line.copy(
        *(tmp_path, "practice.db", "roster.csv", "receiver.identity", "kerbrat", "pressoir", "roots.pem"),
        "package.asice",
    )
    (tmp_path / "package.asice").rename(tmp_path / "given.asice")
    (tmp_path / "own").mkdir()
    (tmp_path / "root.pem").write_text(keys.pem(root()), encoding="ascii")
    return Program(folder=tmp_path)


def short(path: Path) -> None:
    write_p12(path, certified("Dr Court", inter(), key=keys.short_key()), inter(), root())


def old(path: Path) -> None:
    above = keys.sha1_inter(path.parent)
    write_p12(path, certified("Dr Vieux", above), above, root())


def for_servers(path: Path) -> None:
    write_p12(path, certified("www.exemple.fr", inter(), purposes=[keys.SERVERS]), inter(), root())


def alone(path: Path) -> None:
    write_p12(path, leaf())


FAULTS: dict[str, tuple[Callable[[Path], None], int]] = {
    "signer-algorithm-ended": (short, 20),
    "signer-unfit": (for_servers, 17),
    "signer-path-incomplete": (alone, 20),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("code", FAULTS)
def test_what_readers_would_refuse_is_refused_by_whoever_signs(
    desk: Program, command: str, code: str
) -> None:
    make, status = FAULTS[code]
    make(desk.folder / KEY)
    desk.here(*COMMANDS[command]).refused(code, status)
    assert not any((desk.folder / one).exists() for one in ("package.asice", "shared.asice", "report.pdf"))


def test_an_authority_of_sha1_is_refused_with_its_name(desk: Program) -> None:
    old(desk.folder / KEY)
    assert "sha1" in desk.here(*COMMANDS["export"]).refused("signer-algorithm-ended", 20)


def test_disorder_and_strangers_are_put_right_and_said(desk: Program) -> None:
    write_p12(desk.folder / KEY, leaf(), certified("Dr Sans Rapport"), root(), inter())
    done = desk.here(*COMMANDS["export"]).ok()
    assert "not above the certificate of Dr Malo Kerbrat (RPPS 99900000029): Dr Sans Rapport." in done.err
    document = desk.here("verify", "package.asice", "--roots", "root.pem", "--json").document
    assert [document[one]["state"] for one in ("signed_by", "trusted")] == ["proven"] * 2


@pytest.mark.parametrize("command", COMMANDS)
def test_the_certificates_that_a_file_lacks_are_given_beside_it(desk: Program, command: str) -> None:
    alone(desk.folder / KEY)
    (desk.folder / "authority.pem").write_text(keys.pem(root(), inter()), encoding="ascii")
    desk.here(*COMMANDS[command], "--chain", "authority.pem").ok()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_root_that_the_file_lacks_is_the_readers_to_bring_and_said(desk: Program, command: str) -> None:
    write_p12(desk.folder / KEY, leaf(), inter())
    done = desk.here(*COMMANDS[command]).ok()
    sentence = "The certificate of Racine des praticiens, above Autorité des praticiens, is not with the key"
    assert sentence in done.err
    if command == "export":
        document = desk.here("verify", "package.asice", "--roots", "root.pem", "--json").document
        assert [document[one]["state"] for one in ("signed_by", "trusted")] == ["proven"] * 2


def test_a_gap_below_the_root_that_is_given_is_refused(desk: Program) -> None:
    middle = certified("Autorité du milieu", inter(), authority=True)
    write_p12(desk.folder / KEY, certified("Dr Malo Kerbrat", middle), middle)
    command = (*COMMANDS["export"], "--chain", "root.pem")
    assert "Autorité des praticiens" in desk.here(*command).refused("signer-path-incomplete", 20)
