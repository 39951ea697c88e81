"""What a failure says in French."""

from __future__ import annotations

from formats.errors import Failure, failure_in_words
from formats.words import translate


def in_french(failure: Failure) -> str:
    """Return what ``failure`` says in French, whatever language the test runs in."""
    return failure_in_words(failure, lambda sentence: translate(sentence, "fr", "archiver", "formats"))
