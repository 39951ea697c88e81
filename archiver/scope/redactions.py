"""Redactions: what is taken out of a dossier before whoever asks for it gets it, by code, count and words.

A code is the kind of record with the reason, ``notes:personal-note``, or the kind, the field that is emptied and the
reason, ``payments.payer:third-party``. It stands in the list of what is left out (``LEFTOUT.CSV``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from archiver.compliance.redaction import Redacted
from archiver.compliance.request_words import OMISSION_WORDS, Omission
from formats.errors import Fact
from formats.model.dictionary.entries import labels
from formats.model.dictionary.kinds import KINDS
from formats.model.dossier import PATIENT_KINDS
from formats.words import LANGUAGES, BilingualText, mark, translate

_KINDS = {kind.kind: kind for kind in PATIENT_KINDS}


def redaction_counts(redacted: Redacted) -> Counter[str]:
    """Return how many records and fields a dossier lacks, by code."""
    found = Counter({f"{kind}:{why.value}": count for (kind, why), count in redacted.counts().items()})
    for (kind, field), count in redacted.emptied.items():
        found[f"{kind}.{field}:{Omission.THIRD_PARTY.value}"] += count
    return found


def redaction_sentences(left_out: Mapping[str, int]) -> Iterator[tuple[str, dict[str, Fact]]]:
    """Yield what is withheld, as sentences of the catalogue with their facts; other codes are passed over."""
    for code, count in sorted(left_out.items()):
        if words := redaction_words(code):
            if words.field:
                sentence = mark("Emptied, as it is about somebody else ({kind}, {field}): {count}.")
                yield sentence, {"kind": words.kind, "field": words.field, "count": count}
            else:
                sentence = mark("Left out ({kind}): {count}; {reason}.")
                yield sentence, {"kind": words.kind, "count": count, "reason": words.reason}


class RedactionWords(NamedTuple):
    """What a code names, as gettext sentences: the kind of record, the field where one is emptied, the reason."""

    kind: str
    field: str
    reason: str

    def place(self, language: str) -> str:
        """Return kind and field in one text."""
        return ", ".join(translate(one, language, "archiver", "formats") for one in self[:2] if one)


def redaction_words(code: str) -> RedactionWords | None:
    """Return the words for what a code names and for the reason; of an unknown one, nothing."""
    place, _, reason = code.partition(":")
    kind, _, field = place.partition(".")
    if kind not in _KINDS or reason not in set(Omission):
        return None
    known = labels(_KINDS[kind])
    if field and field not in known:
        return None
    words = BilingualText(known[field]) if field else ""
    return RedactionWords(BilingualText(KINDS[kind].many), words, OMISSION_WORDS[Omission(reason)])


def redaction_meaning(code: str) -> tuple[str, str] | None:
    """Return the words for a code in French and English, for a list; of an unknown one, nothing."""
    words = redaction_words(code)
    if words is None:
        return None
    french, english = (
        f"{words.place(language)}, {translate(words.reason, language, 'archiver')}" for language in LANGUAGES
    )
    return french, english
