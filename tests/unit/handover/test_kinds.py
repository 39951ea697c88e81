"""What counts speak of has a name in both languages: that of the dictionary where it is a kind of record."""

from __future__ import annotations

import copy
from dataclasses import replace

from archiver.handover.kinds import kind_words
from formats.errors import in_words
from formats.model.dictionary.kinds import KINDS
from formats.model.missing import whole_counts
from formats.words import mark, translate
from tests.dossiers import full_dossier


def named(kind: str, language: str) -> str:
    return translate(kind_words(kind), language, "archiver", "formats")


def test_every_kind_of_record_is_called_as_the_dictionary_says() -> None:
    for kind, entry in KINDS.items():
        assert (named(kind, "fr"), named(kind, "en")) == entry.many


def test_whatever_is_counted_of_a_dossier_has_a_name_in_both_languages() -> None:
    whole = full_dossier()
    adding = replace(whole, adjustments=(replace(whole.adjustments[0], amount_cents=5),))
    counted = {*whole_counts(whole), *whole_counts(adding)}
    assert len(counted) > 25
    for kind in counted:
        assert "_" not in named(kind, "fr") + named(kind, "en")


def test_a_name_stands_in_a_sentence_of_either_language_and_travels_between_processes() -> None:
    sentence = mark("Not taken ({kind}): {count}.")
    facts = {"kind": copy.copy(kind_words("acts")), "count": 2}
    assert str(facts["kind"]) == "acts"
    assert "(actes)" in in_words(sentence, facts, lambda text: translate(text, "fr", "archiver"))
    assert "(acts)" in in_words(sentence, facts, lambda text: translate(text, "en", "archiver"))


def test_a_kind_of_another_program_stays_as_it_is() -> None:
    assert kind_words("treatments") == "treatments"
