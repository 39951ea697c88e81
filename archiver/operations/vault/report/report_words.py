"""Words of a report: its sentences in one language, and how it names objects and moments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from formats.errors import Fact, in_words
from formats.words import mark

Translate = Callable[[str], str]
_MINUTE = len("2026-11-30T12:30")


@dataclass(frozen=True, slots=True)
class ReportWords:
    """How a report about the vault ``vault_id`` says things."""

    translate: Translate
    vault_id: str

    def say(self, sentence: str, **facts: Fact) -> str:
        """Return ``sentence`` with its ``facts``, in the language of the report."""
        return in_words(sentence, facts, self.translate)

    def say_each(self, sentences: Iterable[str]) -> list[str]:
        """Return ``sentences`` that take no facts."""
        return [self.say(one) for one in sentences]

    def name_of(self, object_id: str) -> str:
        """Return what an object is called: its identifier, but for that of the vault itself."""
        own = mark("the description of the vault")
        return self.say(own) if object_id == self.vault_id else object_id

    def more(self, listed: int, count: int) -> str:
        """Say that there are none, or that some are not named."""
        if not count:
            return self.say(mark("Nothing to name."))
        more = mark("Named are {listed} of {count}.")
        return self.say(more, listed=listed, count=count) if listed < count else ""

    @staticmethod
    def moment(moment: str) -> str:
        """Return an ISO 8601 moment of UTC without its seconds."""
        return moment[:_MINUTE].replace("T", " ")
