"""Whoever reads French is asked, answered and corrected in French, and finds what they mistyped."""

from __future__ import annotations

import ast
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from archiver.cli.program import program
from archiver.cli.run.sources.listed import NETWORK_SOURCES
from archiver.sealing.age import are_encrypted, decrypt_identities, read_identities
from archiver.signing.keys.key_file import load_signer
from formats.registry import SOURCES
from tests.journeys import command_lines, terminal
from tests.journeys.line import ROOT, Line
from tests.journeys.program import Program
from tests.journeys.terminal import INTERRUPT, converse, talk
from tests.journeys.test_console import commands
from tests.tools import need

ENGLISH = re.compile(
    r"\b(the|is|are|not|no|such|missing|unexpected|extra|invalid|error|aborted|requires?|does|did|you|mean|try|"
    r"repeat|confirmation|value|values|entered|match|default|given|than|once|more|input|should|valid|usage:)\b",
    re.IGNORECASE,
)
"""Words of Typer's English, and of ours."""
CODE = re.compile(r"\[[a-z0-9-]+\]|--[a-z0-9-]+|'[^']*'")
"""What is the same in every language: codes, options, and what the person typed."""
SECRET = "trois mots de passe"


@pytest.fixture(scope="module")
def desk(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Program:
    folder = small_line.copy(tmp_path_factory.mktemp("prompts"), "package.asice")
    program = Program(folder=folder, language="fr")
    (folder / "phrase").write_text("un mot de passe\n", encoding="utf-8")
    program.here("keys", "new", "locked", "--name", "Dr Exemple", "--new-passphrase-file", "phrase").ok()
    return program


def english(text: str) -> list[str]:
    return ENGLISH.findall(CODE.sub("", text))


# -- questions ----------------------------------------------------------------------------


def test_a_new_passphrase_is_asked_for_twice_until_both_agree(desk: Program) -> None:
    question = "Nouveau mot de passe pour signer.p12 et receiver.identity"
    status, seen = talk(
        desk,
        ("keys", "new", "typed", "--name", "Dr Exemple"),
        [
            (question, ""),
            (question, "un mot de passe"),
            ("Une seconde fois", "un autre"),
            (question, SECRET),
            ("Une seconde fois", SECRET),
        ],
    )
    assert status == 0, seen
    assert seen.count("recommencez avec --no-passphrase") == 1, seen
    assert "Les deux saisies diffèrent" in seen and SECRET not in seen
    assert english(seen) == [], seen
    load_signer(desk.folder / "typed" / "signer.p12", SECRET)
    with (desk.folder / "typed" / "receiver.identity").open("rb") as stream:
        assert are_encrypted(stream)
        (key,) = read_identities(decrypt_identities(stream, SECRET))
    public = (desk.folder / "typed" / "receiver.recipient").read_text(encoding="utf-8")
    assert str(key.to_recipient()) == public.splitlines()[-1]


@pytest.mark.unmeasured
@pytest.mark.parametrize(("signer", "question"), [
    ("locked/signer.p12", "Mot de passe de locked/signer.p12 (laissez vide s’il n’y en a pas)"),
    ("pkcs11:token=Exemple;object=cle", "Code PIN du dispositif de signature Exemple"),
])  # fmt: skip
@pytest.mark.parametrize("answer", ["un faux", INTERRUPT])
def test_a_secret_is_asked_for_and_its_refusal_is_french(
    desk: Program, signer: str, question: str, answer: str
) -> None:
    command = ("verify", "package.asice", "--report", "r.pdf", "--report-signer", signer)
    status, seen = talk(desk, (*command, "--pkcs11-module", "absent.so"), [(question, answer)])
    assert status == (130 if answer == INTERRUPT else status) and status not in {0, 1, 2}
    assert "erreur\u00a0: " in seen and english(seen) == [], seen
    assert "un faux" not in seen
    if answer == INTERRUPT:
        assert "elle reprendra du début" in seen


@pytest.mark.unmeasured
def test_cards_are_asked_for_one_after_the_other(desk: Program) -> None:
    wrong = "academic acid acne"
    status, seen = talk(
        desk,
        ("keys", "restore", "again", "--no-passphrase"),
        [("Mots de la carte 1", wrong), ("Mots de la carte 1", INTERRUPT)],
    )
    assert status == 130, seen
    assert "erreur\u00a0: Carte 1" in seen and english(seen.replace(wrong, "")) == [], seen


def test_ctrl_c_reaches_a_program_at_a_terminal_although_we_ignore_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever starts the suite with ``nohup`` or ``&`` makes it deaf, and what it starts inherits that."""
    monkeypatch.setattr(terminal, "PATIENCE", 20)
    usual = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        command = [sys.executable, "-c", "input('Ready?')"]
        status, seen = converse(command, tmp_path, {}, [("Ready?", INTERRUPT)])
    finally:
        signal.signal(signal.SIGINT, usual)
    assert status == -signal.SIGINT, seen


def test_nobody_else_asks() -> None:
    """Every question goes through one module, which knows both languages."""
    asking = []
    for path in (ROOT / "archiver").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if name in {"typer.prompt", "typer.confirm", "input", "getpass.getpass", "getpass"}:
                asking.append(path.name)
    assert asking == ["prompts.py"]


# -- what is mistyped ---------------------------------------------------------------------

NAMES = [name for name, _ in commands(program())]


@pytest.mark.parametrize("name", NAMES)
def test_every_misuse_is_told_in_french(desk: Program, name: str) -> None:
    command: Any = dict(command_lines.commands())[name]
    lines = [[], ["--nonsense"], ["x"] * 9]
    for one in command.params:
        if one.param_type_name == "option" and not one.is_flag:
            lines += [[one.opts[-1]], [one.opts[-1], "\x01"]]
    for line in lines:
        done = desk.here(*name.split(), *line)
        if done.status != 2:
            continue  # it does without, or the value is a text
        assert done.err.startswith("erreur\u00a0: "), (line, done.err)
        output = done.err
        for one in command.params:  # told when the program was loaded, here in English
            output = re.sub(re.escape(one.help or "\0"), "", output, flags=re.IGNORECASE)
            output = re.sub(re.escape((one.help or "\0").rstrip(".")), "", output, flags=re.IGNORECASE)
        assert english(output) == [], (line, done.err)


@pytest.mark.parametrize(("line", "meant"), [
    (["verifi"], "Vouliez-vous dire verify\u202f?"),
    (["collect", "opendentla"], "Vouliez-vous dire opendental\u202f?"),
    (["verify", "p", "--root", "x"], "Vouliez-vous dire --roots"),
    (["export", "--praticioner", "x"], "Vouliez-vous dire --practitioner"),
    (["zzz"], "La commande zzz n’existe pas."),
    (["verify"], "Indiquez le paquet."),
    (["collect", "dicom", "x"], "Indiquez --into\u00a0: "),
    (["request", "show", "s.db", "deux"], "La valeur de DEMANDE est inutilisable"),
    (["inspect", "p"], "erreur\u00a0: Indiquez une clé avec --identity, --cards, --cards-file ou --passphrase-file. ["),
    (["keys", "new", "k", "--name", "x"], "erreur\u00a0: Personne n’est là pour taper un mot de passe"),
    (["verify", "--wurzel"], "L’option --wurzel n’existe pas. ["),
    (["keys", "share", "--help"], "archiver keys share [OPTIONS] PAQUET NOUVEAU-PAQUET"),
])  # fmt: skip
def test_what_was_meant_is_suggested(desk: Program, line: list[str], meant: str) -> None:
    done = desk.here(*line)
    assert meant in done.err + done.out


def test_what_is_missing_is_asked_for_in_one_sentence(desk: Program) -> None:
    output = desk("people", "same", "s.db", "1").err.splitlines()[0]
    assert output == "erreur\u00a0: Indiquez --by\u00a0: qui décide (son nom est consigné). [usage]"


@pytest.mark.parametrize("name", NAMES)
def test_the_help_calls_arguments_by_words_of_the_person(desk: Program, name: str) -> None:
    """No name of the program's own, and no sentence that is cut short, stands in a help."""
    output = desk.here(*name.split(), "--help").ok().out
    output = re.sub(r"\{(number|family|given)\}", "", output)  # of paths: what a person types
    assert "{" not in output and "..." not in re.sub(r"\b[A-Z]+\]?\.\.\.", "", output)
    assert not re.search(
        r"^  (store|package|packages|folder|number|source|identity|patient)\b", output, re.MULTILINE
    )


def test_no_line_of_the_list_of_commands_is_cut_short(desk: Program) -> None:
    for group in {tuple(name.split()[:-1]) for name in NAMES}:
        assert "..." not in desk(*group, "--help").ok().out, group


# -- completion ---------------------------------------------------------------------------


@pytest.mark.parametrize(("words", "expected"), [
    ("archiver ver", {"verify"}),
    ("archiver collect ", {*SOURCES, *NETWORK_SOURCES, "any"}),
    ("archiver verify --tsa-r", {"--tsa-roots"}),
    ("archiver verify a --roots r --roots s --rep", {"--report", "--report-signer"}),
])  # fmt: skip
def test_bash_completes(desk: Program, words: str, expected: set[str]) -> None:
    """The script that ``--show-completion`` prints, in a real shell."""
    bash = need("bash")
    environment = desk.environment(PATH=f"{Path(desk.command()[0]).parent}:{os.environ['PATH']}")
    shown = subprocess.run(
        [bash, "-c", "archiver --show-completion; true"], env=environment, cwd=desk.folder,
        capture_output=True, check=True, encoding="utf-8",
    )  # fmt: skip
    assert "_archiver_completion" in shown.stdout, shown.stderr
    split = words.split(" ")
    script = (
        f"{shown.stdout}\nCOMP_WORDS=({' '.join(map(repr, split))}); COMP_CWORD={len(split) - 1}\n"
        "_archiver_completion archiver; printf '%s\\n' \"${COMPREPLY[@]}\"\n"
    )
    done = subprocess.run(
        [bash, "-c", script],
        env=environment,
        cwd=desk.folder,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert set(done.stdout.split()) == expected, done.stderr


def test_completion_is_installed_and_said_in_french(desk: Program) -> None:
    environment = desk.environment(PATH=f"{Path(desk.command()[0]).parent}:{os.environ['PATH']}")
    done = subprocess.run(
        [need("bash"), "-c", "archiver --install-completion; exit $?"], env=environment, cwd=desk.folder,
        capture_output=True, check=True, encoding="utf-8",
    )  # fmt: skip
    assert done.stdout.startswith("La complétion pour bash est installée dans ")
    assert english(done.stderr) == []
    assert (desk.folder / ".bash_completions" / "archiver.sh").is_file()
    assert "archiver.sh" in (desk.folder / ".bashrc").read_text(encoding="utf-8")
