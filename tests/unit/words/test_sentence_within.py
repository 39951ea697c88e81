"""A sentence inside another one: its full stop is not said twice, and what is no sentence keeps its own."""

from __future__ import annotations

import pytest

from archiver.vault.errors import DepositUnproven, VaultInvalid
from formats.errors import Failure, PlacedSentence, failure_in_words, in_words
from formats.words import mark, translate


class Inner(Failure):
    code = "inner"
    sentence = mark("The storage {name} cannot be reached: there is no such folder.")


def french(sentence: str) -> str:
    return translate(sentence, "fr", "archiver", "formats")


@pytest.mark.parametrize(
    "reason", [Inner(name="a"), str(Inner(name="a")), PlacedSentence("", "It is so.", {})]
)
def test_a_sentence_inside_another_has_one_full_stop(reason: Failure | str) -> None:
    text = str(VaultInvalid(reason=reason))
    assert text.endswith(".")
    assert not text.endswith("..")
    for failure in (DepositUnproven(reason=reason), VaultInvalid(reason=reason)):
        for language in (str, french):
            shown = failure_in_words(failure, language)
            assert ".." not in shown
            assert ".”." not in shown
            assert ".\u00a0»." not in shown


def test_a_path_that_ends_with_a_point_keeps_it() -> None:
    assert in_words("Nothing at {path}.", {"path": "folder a."}, str) == "Nothing at folder a.."
