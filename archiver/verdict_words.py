"""How the answers of a verdict are counted in words, the same on the screen and on paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from archiver.verdict import State, Verdict
from formats.errors import in_words
from formats.words import mark, plural

STATES = {State.PROVEN: mark("proven"), State.REFUTED: mark("REFUTED"), State.UNKNOWN: mark("unknown")}
"""What an answer is. In French each word agrees with *réponse* and with every question, all of them feminine."""
COUNTS = {
    State.PROVEN: plural("{count} proven", "{count} proven"),
    State.REFUTED: plural("{count} refuted", "{count} refuted"),
    State.UNKNOWN: plural("{count} unknown", "{count} unknown"),
}
NONE_REFUTED = mark("none refuted")


def summary_in_words(verdict: Verdict, translate: Callable[[str], str]) -> str:
    """Return how many answers of ``verdict`` are what, without what there is none of: “4 proven, 1 unknown”."""
    counted = Counter(answer.state for _, answer in verdict.answers())
    parts = (
        in_words(words, {"count": counted[state]}, translate)
        for state, words in COUNTS.items()
        if counted[state]
    )
    return ", ".join(parts)


def answers_in_words(verdict: Verdict, translate: Callable[[str], str]) -> str:
    """Return how many answers of ``verdict`` are what, such as “4 proven, none refuted, 1 unknown”."""
    counted = Counter(answer.state for _, answer in verdict.answers())
    parts = [
        in_words(words, {"count": counted[state]}, translate) if counted[state] else translate(NONE_REFUTED)
        for state, words in COUNTS.items()
        if counted[state] or state is State.REFUTED
    ]
    return ", ".join(parts)
