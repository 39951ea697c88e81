"""The data dictionary describes the model: every field, every kind, every word, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any, get_args, get_type_hints

import pytest

from formats.model.dictionary import notations
from formats.model.dictionary.entries import CODES, FIELDS, code_words, entries_of, labels
from formats.model.dictionary.kinds import KINDS, VALUES
from formats.model.dossier import PATIENT_KINDS
from formats.model.people import Patient, Practice, Practitioner
from formats.model.record import PatientRecord, Record
from formats.pdlgc import layout
from formats.words import Words, catalogue

RECORDS: tuple[type[Record], ...] = (Practice, Practitioner, Patient, *PATIENT_KINDS)


def parts(hint: Any) -> Iterator[Any]:
    yield hint
    for inner in get_args(hint):
        yield from parts(inner)


def within(kind: type) -> Iterator[type]:
    """Yield ``kind`` and every dataclass and vocabulary inside it."""
    yield kind
    for hint in get_type_hints(kind).values():
        for part in parts(hint):
            if is_dataclass(part):
                yield from within(part)
            elif isinstance(part, type) and issubclass(part, StrEnum):
                yield part


SEEN = list(dict.fromkeys(part for kind in RECORDS for part in within(kind)))
DESCRIBED = [part for part in SEEN if is_dataclass(part)]
VOCABULARIES = [part for part in SEEN if not is_dataclass(part)]


def test_the_whole_model_is_seen() -> None:
    assert len(DESCRIBED) >= 38 and len(VOCABULARIES) >= 20
    assert sum(len(fields(kind)) for kind in DESCRIBED) > 280


@pytest.mark.parametrize("kind", DESCRIBED, ids=lambda kind: kind.__name__)
def test_every_field_has_an_entry(kind: type) -> None:
    assert list(entries_of(kind)) == [one.name for one in fields(kind)]


def test_every_entry_is_of_a_field() -> None:
    assert FIELDS.keys() == {*DESCRIBED, Record, PatientRecord}
    for kind, declared in FIELDS.items():
        assert declared.keys() <= kind.__annotations__.keys(), kind


@pytest.mark.parametrize("kind", DESCRIBED, ids=lambda kind: kind.__name__)
def test_a_label_is_unique_within_its_kind_in_either_language(kind: type) -> None:
    for language in ("fr", "en"):
        counts = Counter(getattr(label, language) for label in labels(kind).values())
        assert all(counts) and max(counts.values()) == 1, counts.most_common(1)


def sentences() -> Iterator[str]:
    for declared in FIELDS.values():
        for entry in declared.values():
            yield entry.meaning
            yield entry.left_out
            yield from entry.left_out_inside.values()
    yield from (entry.meaning for entry in KINDS.values())
    yield from VALUES.values()


def test_every_sentence_has_its_french_and_ends_like_one() -> None:
    french = catalogue("formats", "fr")
    distinct = set(filter(None, sentences()))
    assert len(distinct) > 250
    for sentence in distinct:
        assert french.gettext(sentence) != sentence, sentence
        assert sentence.endswith(".") and french.gettext(sentence).endswith("."), sentence


def test_every_vocabulary_is_named_word_by_word() -> None:
    assert set(CODES) == set(VOCABULARIES)
    for vocabulary, words in CODES.items():
        assert list(words) == list(vocabulary), vocabulary
        for language in ("fr", "en"):
            names = {getattr(one, language) for one in words.values()}
            assert len(names) == len(words) and all(names), vocabulary
        assert [code_words(code) for code in vocabulary] == list(words.values())


def test_every_kind_has_a_name_and_every_value_a_meaning() -> None:
    assert list(KINDS) == [kind.kind for kind in RECORDS]
    assert set(VALUES) == {kind.__name__ for kind in DESCRIBED} - {kind.__name__ for kind in RECORDS}
    for language in ("fr", "en"):
        for names in ([one.many for one in KINDS.values()], [one.heading for one in KINDS.values()]):
            assert len({getattr(name, language) for name in names}) == len(KINDS)


def test_numbers_and_teeth_say_how_they_are_written() -> None:
    for kind in DESCRIBED:
        for name, entry in entries_of(kind).items():
            assert (entry.unit is notations.CENTS) == name.endswith("_cents"), (kind, name)
            assert (entry.codes is notations.FDI) == (name in {"tooth", "teeth"}), (kind, name)


def test_every_notation_is_used() -> None:
    used = {
        id(one)
        for declared in FIELDS.values()
        for entry in declared.values()
        for one in (entry.codes, entry.unit)
    }
    named = {name: one for name, one in vars(notations).items() if isinstance(one, Words)}
    assert [name for name, one in named.items() if id(one) not in used] == []


def test_the_tables_are_those_of_an_archive() -> None:
    assert notations.NAMES == layout.NAMES
    assert notations.SOURCE == layout.SOURCE


def test_what_is_left_out_inside_a_value_is_a_field_of_it() -> None:
    holders = [
        (kind, name, entry)
        for kind in DESCRIBED
        for name, entry in entries_of(kind).items()
        if entry.left_out_inside
    ]
    assert holders
    for kind, name, entry in holders:
        inside = next(part for part in parts(get_type_hints(kind)[name]) if is_dataclass(part))
        assert entry.left_out_inside.keys() <= {one.name for one in fields(inside)}
