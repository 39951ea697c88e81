"""The French of every sentence: there, true to its English, well set, and what a person gets to read."""

from __future__ import annotations

import locale
import os
import re
import string
import subprocess
import sys
from collections.abc import Callable, Iterator
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

import pytest

from archiver.cli.terminal import language as spoken
from archiver.errors import DiskFault
from archiver.operations.make_keys import WARNING
from formats.errors import LimitExceeded
from formats.words import catalogue, mark, translate

ROOT = Path(__file__).resolve().parents[3]
LEAST = {"formats": 150, "archiver": 400}
"""Sentences there are at least, so that no test here passes on an empty catalogue."""
PACKAGES = tuple(LEAST)
VARIABLES = ("ARCHIVER_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
THIN, WIDE = "\u202f", "\u00a0"
"""The space before ``; ! ?``, and the one before ``:`` and inside ``« »``."""
TYPEWRITTEN = {
    "an ordinary space before ; : ! ? or »": re.compile(r" [;:!?»]"),
    "a wrong space before ; ! ?": re.compile(rf"{WIDE}[;!?]"),
    "a wrong space before : or »": re.compile(rf"{THIN}[:»]"),
    "a « without its space": re.compile(rf"«(?!{WIDE})"),
    "a ; ! or ? without its space": re.compile(rf"(?<=\w|\}}|\))(?<!{THIN})[;!?](?=\s|$)"),
    "a : without its space": re.compile(r"(?<=\w|\}|\))(?<!pkcs11):(?=\s|$)"),
    "English quotation marks": re.compile("[“”]"),
    "a control character": re.compile(r"[\x00-\x1f\x7f-\x9f]"),
    "a straight apostrophe": re.compile(r"(?<=\w)'(?=\w)"),
}


def sentences(package: str) -> dict[str, str]:
    """Return the English and the French of every sentence in the compiled catalogue."""
    found = catalogue(package, "fr")
    assert isinstance(found, GNUTranslations)
    pairs: dict[str, str] = {
        english: french for english, french in found._catalog.items() if isinstance(english, str) and english
    }
    assert len(pairs) >= LEAST[package]
    return pairs


def counting(package: str) -> list[tuple[str, str]]:
    """Return the English of every message that counts, for one thing, with each of its French forms."""
    found: Any = catalogue(package, "fr")
    return [(key[0], french) for key, french in found._catalog.items() if isinstance(key, tuple)]


def fields(sentence: str) -> list[tuple[str, str, str]]:
    """Return the ``{fields}`` of a sentence with their conversions, in an order that does not matter."""
    parts = string.Formatter().parse(sentence)
    return sorted(
        (name, spec or "", conversion or "") for _, name, spec, conversion in parts if name is not None
    )


def is_reason(sentence: str) -> bool:
    """Whether a sentence is made to stand inside another: a small letter first, no stop at the end."""
    return sentence[:1].islower() and not sentence.endswith((".", "?", "!"))


def faults(english: str, french: str) -> list[str]:
    """Return what is wrong with one translation."""
    wrong = [name for name, pattern in TYPEWRITTEN.items() if pattern.search(french)]
    if fields(english) != fields(french):
        wrong.append("other fields")
    if len(english) - len(english.lstrip(" ")) != len(french) - len(french.lstrip(" ")):
        wrong.append("another indent")
    if english.endswith(".") != french.endswith(".") or (is_reason(english) and french[:1].isupper()):
        wrong.append("another form: a sentence, or a part of one")
    if not french.strip() or set(re.findall(r"--[a-z-]+", english)) - set(re.findall(r"--[a-z-]+", french)):
        wrong.append("an option is lost")
    return wrong


# -- the catalogues -----------------------------------------------------------------------


def test_every_sentence_is_translated_and_compiled() -> None:
    """What ``make locale`` writes is what lies there, and no sentence of the code is without French."""
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "catalogues.py", "--check"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("package", PACKAGES)
def test_every_translation_is_true_to_its_english(package: str) -> None:
    pairs = [*sentences(package).items(), *counting(package)]
    wrong = {french: found for english, french in pairs if (found := faults(english, french))}
    assert wrong == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_translation_takes_its_facts(package: str) -> None:
    for english, french in [*sentences(package).items(), *counting(package)]:
        facts = dict.fromkeys((name for name, _, _ in fields(english)), "fact")
        sentence = french.format(**facts)
        assert sentence.count("fact") - french.count("fact") == len(fields(english)), english


@pytest.mark.parametrize(
    ("english", "french", "fault"),
    [
        ("A {x}.", "Un {y}.", "other fields"),
        ("A {x!r}.", "Un {x}.", "other fields"),
        ("  - {x}", "- {x}", "another indent"),
        ("it is empty", "Vide", "another form: a sentence, or a part of one"),
        ("it is empty", "vide.", "another form: a sentence, or a part of one"),
        ("Try --all.", "Essayez.", "an option is lost"),
        ("A; b.", "Un ; b.", "an ordinary space before ; : ! ? or »"),
        ("A; b.", f"Un{WIDE}; b.", "a wrong space before ; ! ?"),
        ("A; b.", "Un; b.", "a ; ! or ? without its space"),
        ("A: b.", "Un: b.", "a : without its space"),
        ("A: b.", f"Un{THIN}: b.", "a wrong space before : or »"),
        ("“A”.", "«Un».", "a « without its space"),
        ("“A”.", "“Un”.", "English quotation marks"),
        ("The a.", "L'un.", "a straight apostrophe"),
        ("A: b.", f"Un{WIDE}\x01 b.", "a control character"),
    ],
)
def test_a_wrong_translation_is_noticed(english: str, french: str, fault: str) -> None:
    assert fault in faults(english, french)


def test_both_packages_say_the_same_of_the_same() -> None:
    ours, theirs = sentences("archiver"), sentences("formats")
    shared = ours.keys() & theirs.keys()
    assert shared
    assert {english: ours[english] for english in shared} == {english: theirs[english] for english in shared}


def test_the_warning_in_a_key_file_is_no_name() -> None:
    """The first comment without a full stop is read as the name of the key's owner."""
    assert translate(WARNING, "fr", "archiver").startswith("Secret.")
    assert translate(WARNING, "fr", "archiver").endswith(".")


# -- through the program's own words ------------------------------------------------------


@pytest.fixture
def speak(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Make this process speak a language, and forget it afterwards."""

    def choose(language: str) -> None:
        monkeypatch.setenv(spoken.VARIABLE, language)
        spoken.language.cache_clear()

    yield choose
    spoken.language.cache_clear()


@pytest.mark.parametrize("package", PACKAGES)
def test_translate_finds_every_sentence(package: str) -> None:
    for english, french in sentences(package).items():
        assert translate(english, "fr", package) == french
        assert translate(english, "en", package) == english


def test_translate_asks_the_packages_in_turn() -> None:
    ours, theirs = "The package is cut short: its end is missing.", "This file is not DICOM."
    assert translate(ours, "fr", "archiver", "formats") == f"Le paquet est tronqué{WIDE}: la fin manque."
    assert translate(theirs, "fr", "archiver", "formats") == "Ce fichier n’est pas un fichier DICOM."
    assert translate(theirs, "fr") == translate(theirs, "fr", "formats")
    assert translate(ours, "fr", "formats") == ours
    assert translate("Nobody ever said this.", "fr", "archiver", "formats") == "Nobody ever said this."


def test_a_reason_is_told_inside_its_sentence(speak: Callable[[str], None]) -> None:
    failure = DiskFault(reason=mark("it is a folder"))
    speak("fr")
    assert spoken.localize_failure(failure) == f"Le disque a refusé{WIDE}: c’est un répertoire."
    speak("en")
    assert spoken.localize_failure(failure) == "The disk refused: it is a folder."


def test_what_nobody_translates_passes_unchanged(speak: Callable[[str], None]) -> None:
    speak("fr")
    failure = LimitExceeded(where="a.zip", name=mark("the number of files"), found=3, limit=2)
    assert (
        spoken.localize_failure(failure)
        == f"a.zip{WIDE}: Limite dépassée{WIDE}: nombre de fichiers (3, au plus 2)."
    )
    assert spoken.localize("{failure}", failure="") == ""


def test_what_somebody_else_wrote_stays_as_it_is_though_the_catalogue_has_the_word(
    speak: Callable[[str], None],
) -> None:
    speak("fr")
    assert translate("acts", "fr", "archiver", "formats") == "actes"
    failure = LimitExceeded(where="a.zip", name="acts", found=3, limit=2)
    assert spoken.localize_failure(failure) == f"a.zip{WIDE}: Limite dépassée{WIDE}: acts (3, au plus 2)."


# -- which language -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"ARCHIVER_LANGUAGE": "fr"}, "fr"),
        ({"ARCHIVER_LANGUAGE": "en"}, "en"),
        ({"ARCHIVER_LANGUAGE": "fr", "LANG": "en_GB.UTF-8", "LC_ALL": "C"}, "fr"),
        ({"ARCHIVER_LANGUAGE": "en", "LANG": "fr_FR.UTF-8"}, "en"),
        ({"ARCHIVER_LANGUAGE": "", "LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_CA"}, "fr"),
        ({"LANG": "FR"}, "fr"),
        ({"LANG": "French_France.1252"}, "fr"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "fr:en"}, "fr"),
    ],
)
def test_the_language_is_the_first_that_is_said(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str
) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert spoken.language.__wrapped__() == expected


@pytest.mark.parametrize(
    ("system", "expected"),
    [("French_France", "fr"), ("fr_FR", "fr"), ("English_United States", "en"), (None, "en")],
)
def test_else_the_language_is_the_system_s(
    monkeypatch: pytest.MonkeyPatch, system: str | None, expected: str
) -> None:
    """Windows sets no variable and names languages in words."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(locale, "getlocale", lambda: (system, "cp1252"))
    assert spoken.language.__wrapped__() == expected


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"ARCHIVER_LANGUAGE": "fr"}, "Archiver et transmettre les dossiers d’un cabinet dentaire."),
        ({"LANG": "fr_FR.UTF-8"}, "Archiver et transmettre les dossiers d’un cabinet dentaire."),
        ({"LANG": "C.UTF-8"}, "Archive and hand over the records of a dental practice."),
    ],
)
def test_the_program_speaks_the_person_s_language(variables: dict[str, str], sentence: str) -> None:
    surroundings = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    done = subprocess.run(
        [sys.executable, "-c", "from archiver.cli.main import run; run()", "--help"],
        env={**surroundings, "PYTHONUTF8": "1", **variables},
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert sentence in done.stdout.decode("utf-8")


@pytest.mark.parametrize("name", ["fr", "en"])
def test_nothing_stays_nothing(name: str) -> None:
    assert translate("", name, *PACKAGES) == ""
    assert catalogue("archiver", "fr").gettext("") != ""  # what gettext itself says of nothing: the header
