"""What a database says in its own words, as a quotation inside a sentence of ours."""

from __future__ import annotations

from formats.errors import Fact, PlacedSentence
from formats.words import Sentence, mark

WORDS = mark("it says “{words}”")
NUMBERED = mark("it says “{words}” (error {number})")


def quoted_words(words: str, number: str = "") -> str:
    """Return ``words`` of a database, with the ``number`` by which its manual tells the fault, as a quotation.

    They are in English, or in whatever language it speaks; what is a sentence of ours stays one.
    """
    if isinstance(words, Sentence):
        return words
    facts: dict[str, Fact] = {"words": words}
    return PlacedSentence("", NUMBERED if number else WORDS, facts | ({"number": number} if number else {}))
