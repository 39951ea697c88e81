"""Names that will be signed, printed or written into a key file stay on one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.program import Program

KEYS = ("keys", "new", "keys", "--name", "Dr Anne Exemple")
EXPORT = ("export", "practice.db", "p.asice", "--all", "--to", "key", "--signer", "signer.p12")
SHARE = ("keys", "share", "p.asice", "q.asice", "--signer", "signer.p12", "--identity", "key", "--to", "key")
COMMANDS = [
    (KEYS[:3], "--name"),
    (KEYS, "--organisation"),
    (KEYS, "--number"),
    (("keys", "recovery", "key", "--out", "cards.pdf"), "--name"),
    (SHARE, "--receiver"),
    (EXPORT, "--sender"),
    (EXPORT, "--receiver"),
    (EXPORT, "--controller-after"),
    (("people", "same", "practice.db", "1"), "--by"),
    (("people", "different", "practice.db", "1"), "--by"),
    (("people", "separate", "practice.db", "x"), "--by"),
]
UNSEEN = ("Dr A\nage1pq1another", "Dr A\r", "\x1b[2JDr A", "Dr A\u202e", "Dr A\u2028B", "Dr \udcff")
"""A second line in a file of keys, the start of the line, a cleared screen, text turned round, no letter at all."""
REFUSALS = {
    "en": "error: The value of {} is not usable: it holds a line break or another control character. [usage]",
    "fr": (
        "erreur\u00a0: La valeur de {} est inutilisable\u00a0: elle contient un saut de ligne ou un autre "
        "caractère de contrôle. [usage]"
    ),
}


@pytest.mark.parametrize("language", REFUSALS)
@pytest.mark.parametrize(("command", "option"), COMMANDS)
def test_a_name_with_a_line_break_is_misuse(
    tmp_path: Path, language: str, command: tuple[str, ...], option: str
) -> None:
    done = Program(folder=tmp_path, language=language).here(*command, option, UNSEEN[0])
    assert (done.status, done.out) == (2, "")
    assert done.err.splitlines()[0] == REFUSALS[language].format(option)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", UNSEEN)
def test_a_name_with_anything_unseen_is_misuse(tmp_path: Path, name: str) -> None:
    done = Program(folder=tmp_path).here(*KEYS[:3], "--name", name)
    assert (done.status, done.err.splitlines()[0]) == (2, REFUSALS["en"].format("--name"))
    assert not list(tmp_path.iterdir())


def test_letters_of_every_script_and_the_spaces_of_french_are_names(tmp_path: Path) -> None:
    name = "Dr Zoë\u00a0L’Élève\u202f— 陳"
    Program(folder=tmp_path).here(*KEYS[:3], "--name", name, "--no-passphrase").ok()
    assert name in (tmp_path / "keys" / "receiver.recipient").read_text(encoding="utf-8").splitlines()[0]
