"""Sentences that count: both forms in both languages, and no sentence that counts without them."""

from __future__ import annotations

import ast
import pickle
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from archiver.cli.terminal import language as spoken
from archiver.verdict import NOT_EXAMINED, Verdict, proven_answer
from archiver.verdict_words import answers_in_words
from formats.errors import in_words
from formats.words import BYTES, Counted, Plural, mark, plural, translate
from tests.architecture import layers

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("formats", "archiver")
NUMBERS = (0, 1, 2)
LEAST = 40
"""Messages that count there are at least, so that no test here passes by finding none."""
COUNTS = frozenset(
    {"bytes", "cards", "chains", "count", "dossiers", "files", "found", "images", "least", "more", "needed"}
    | {"of", "patients", "rows", "size", "stamps", "tables", "units", "volumes", "words"}
)
"""Facts that are numbers of something; a fact that comes with its noun (``Counted``) bears another name."""
NOUN = re.compile(r"\{(?P<name>\w+)[^}]*\} (?P<word>[^\W\d_]{3,})")
"""A fact with a word right behind it, which has to agree with it."""
BETWEEN = frozenset(
    {
        "au",
        "autre",
        "autres",
        "could",
        "en",
        "in",
        "instead",
        "is",
        "more",
        "not",
        "sans",
        "sealed",
        "sur",
        "undecided",
    }
)
"""Words behind a number that never change."""
SINGULAR = {
    "fr": re.compile(r"\b[01] (?:autre )?(?P<word>[^\W\d_][\w-]{2,})"),
    "en": re.compile(r"\b1 (?:more |sealed )?(?P<word>[^\W\d_][\w-]{2,})"),
}
PLURAL = {
    "fr": re.compile(r"\b2 (?:autres )?(?P<word>[^\W\d_][\w-]{2,})"),
    "en": re.compile(r"\b[02] (?:more |sealed )?(?P<word>[^\W\d_][\w-]{2,})"),
}
UNCHANGED = {
    "fr": {"devis", "indécis", "non", "rendez-vous", "sans"},
    "en": {
        "proven",
        "refuted",
        "unknown",
        "undecided",
        "not",
        "refused",
        "more",
        "like",
        "could",
        "order",
        "came",
    },
}
"""Words that are the same for one and for several, or agree with nothing."""


@cache
def every_call() -> tuple[tuple[Path, ast.Call], ...]:
    """Return every call of a function by its name in the two packages."""
    return tuple(
        (path, node)
        for path in layers.modules(ROOT)
        for node in layers.nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )


def calls(function: str) -> Iterator[tuple[Path, ast.Call]]:
    """Yield every call of ``function`` in the two packages."""
    for path, node in every_call():
        if isinstance(node.func, ast.Name) and node.func.id == function:
            yield path, node


def messages() -> list[Plural]:
    """Return every message of the program that counts."""
    found = []
    for path, call in calls("plural"):
        one, several = (ast.literal_eval(argument) for argument in call.args)
        by = next((ast.literal_eval(word.value) for word in call.keywords if word.arg == "by"), "count")
        assert isinstance(one, str) and isinstance(several, str) and f"{{{by}}}" in several, path
        found.append(plural(one, several, by=by))
    assert len(found) >= LEAST
    return found


def sentence(message: Plural, number: int, language: str) -> str:
    names = re.findall(r"\{(\w+)", message + message.one)
    facts = dict.fromkeys(names, "…") | {message.by: number}
    return in_words(message, facts, lambda text: translate(text, language, *PACKAGES))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_count_agrees_with_what_it_counts(language: str) -> None:
    wrong = []
    for message in messages():
        for number in NUMBERS:
            text = sentence(message, number, language)
            singular, several = SINGULAR[language].search(text), PLURAL[language].search(text)
            if (
                singular
                and singular["word"] not in UNCHANGED[language]
                and singular["word"].endswith(("s", "x"))
            ):
                wrong.append(text)
            if (
                several
                and several["word"] not in UNCHANGED[language]
                and not several["word"].endswith(("s", "x"))
            ):
                wrong.append(text)
    assert wrong == []


def test_none_is_one_in_french_and_several_in_english() -> None:
    assert [sentence(BYTES, number, "fr") for number in NUMBERS] == ["0 octet", "1 octet", "2 octets"]
    assert [sentence(BYTES, number, "en") for number in NUMBERS] == ["0 bytes", "1 byte", "2 bytes"]


def faults(sentence: str) -> list[str]:
    """Return what in ``sentence``, which has one form only, would have to agree with a number."""
    found = NOUN.finditer(sentence)
    return [one[0] for one in found if one["name"] in COUNTS and one["word"] not in BETWEEN]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_sentence_with_one_form_counts(language: str) -> None:
    wrong = {}
    seen = 0
    for function in ("mark", "say", "note", "tell"):
        for path, call in calls(function):
            sentence = call.args[0] if call.args else None
            if isinstance(sentence, ast.Constant) and isinstance(sentence.value, str):
                seen += 1
                if found := faults(translate(sentence.value, language, *PACKAGES)):
                    wrong[f"{path.relative_to(ROOT)}:{call.lineno}"] = found
    assert seen > 500
    assert wrong == {}


@pytest.mark.parametrize(
    "sentence", ["{count} dossiers.", "Read {rows} rows.", "{found} cartes", "all {of} volumes"]
)
def test_a_sentence_that_counts_is_noticed(sentence: str) -> None:
    assert faults(mark(sentence))


def test_a_message_travels_between_processes() -> None:
    message = pickle.loads(pickle.dumps(BYTES.of(1)))  # noqa: S301
    assert (message, message.one, message.by, message.number) == (BYTES, BYTES.one, "count", 1)
    counted = pickle.loads(pickle.dumps(Counted(3, BYTES)))  # noqa: S301
    assert (counted, in_words("{x}", {"x": counted}, str)) == (3, "3 bytes")


def test_a_number_of_something_is_said_with_it() -> None:
    sentence = "The value in {column} has {size}; it was left in the database."
    facts = {"column": "X", "size": Counted(1, BYTES)}
    assert in_words(sentence, facts, lambda text: translate(text, "fr", "formats")) == (
        "La valeur de X compte 1 octet\u202f; elle est restée dans la base de données."
    )


@pytest.mark.parametrize(("language", "expected"), [
    ("fr", "4 prouvées, aucune réfutée, 1 inconnue"), ("en", "4 proven, none refuted, 1 unknown"),
])  # fmt: skip
def test_answers_are_counted_in_words(monkeypatch: pytest.MonkeyPatch, language: str, expected: str) -> None:
    """Through the very translation that the commands pass."""
    monkeypatch.setenv(spoken.VARIABLE, language)
    spoken.language.cache_clear()
    holds, open_ = proven_answer("intact", "Every part is as it was signed."), NOT_EXAMINED
    verdict = Verdict(intact=holds, complete=holds, signed_by=holds, existed_at=open_, trusted=holds)
    try:
        assert answers_in_words(verdict, spoken.translate_template) == expected
    finally:
        spoken.language.cache_clear()
