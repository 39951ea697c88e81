"""Section of a report about evidence: what ends within the horizon of the vault's preservation profile."""

from __future__ import annotations

from collections.abc import Sequence

from archiver.compliance.report_page import ReportTable
from archiver.operations.vault.report.facts import EvidenceEnd, EvidenceFacts
from archiver.operations.vault.report.report_words import ReportWords
from formats.words import mark, plural


def evidence_section(words: ReportWords, found: EvidenceFacts) -> ReportTable:
    """Return what ends, or does not hold, or why nothing was examined."""
    title = words.say(mark("Evidence that ends"))
    if found.failure is not None:
        unread = mark("The evidence could not be examined: {reason}")
        return ReportTable(title=title, before=words.say(unread, reason=found.failure))
    if found.ending is None:
        unset = mark("Not examined: the vault has no preservation profile (archiver vault profile set).")
        return ReportTable(title=title, before=words.say(unset))
    before = plural(
        "{count} record lasts longer than the horizon of {days} days. What does not is named here.",
        "{count} records last longer than the horizon of {days} days. What does not is named here.",
    )
    heading = (
        mark("package"),
        mark("record"),
        mark("holds until"),
        mark("ended by"),
        mark("what is known"),
    )
    more = words.more(len(found.ending.listed), found.ending.count)
    return ReportTable(
        title=f"{title} ({found.ending.count})",
        before=f"{words.say(before, count=found.lasting, days=found.horizon_days)} {more}".rstrip(),
        heading=words.say_each(heading),
        rows=[_ending(words, one) for one in found.ending.listed],
    )


def _ending(words: ReportWords, one: EvidenceEnd) -> Sequence[str]:
    ends, none = mark("ends within the horizon"), mark("has none yet")
    known = (
        words.say(mark("{reason}"), reason=one.failure)
        if one.failure
        else words.say(ends if one.number else none)
    )
    return (
        words.name_of(one.object_id),
        f"{one.number:03}" if one.number else "",
        f"{one.until:%Y-%m-%d}" if one.until else "",
        (one.algorithm or words.say(mark("certificate"))) if one.until else "",
        known,
    )
