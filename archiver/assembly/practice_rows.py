"""What the practice's unit says of each dossier in its package: how long it is kept and why, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archiver.assembly.seal import SealedDossier
from archiver.compliance.retention import Retention
from archiver.compliance.retention_rules import RULES
from formats.model.missing import REASONS
from formats.pdlgc.practice.lists import MissingRow, RetentionRow
from formats.pdlgc.tables import row_bytes
from formats.words import translate


@dataclass(frozen=True, kw_only=True, slots=True)
class DossierRows:
    """The lines about one dossier; ``size`` is at most how many bytes they add to the unit."""

    retention: RetentionRow
    missing: tuple[MissingRow, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of the lines; packing never makes them longer."""
        return sum(map(row_bytes, (self.retention, *self.missing)))


def dossier_rows(unit: str, one: SealedDossier) -> DossierRows:
    """Return the lines about the dossier that was sealed as ``unit``."""
    missing = tuple(_missing_rows(unit, one))
    return DossierRows(retention=_retention_row(unit, one, one.retention), missing=missing)


def _retention_row(unit: str, one: SealedDossier, end: Retention) -> RetentionRow:
    sentence, source = RULES[end.rule]
    return RetentionRow(
        unit=unit,
        patient=one.patient,
        patient_number=one.traits.get("number", ""),
        family_name=one.traits.get("family", ""),
        given_name=one.traits.get("given", ""),
        kept_until=end.until.isoformat() if end.until else "",
        destroy_from=one.destroy_from.isoformat() if one.destroy_from else "",
        rule=end.rule.value,
        source=source,
        implausible=" ".join(end.implausible),
        meaning_fr=translate(sentence, "fr", "archiver"),
        meaning_en=translate(sentence, "en", "archiver"),
    )


def _missing_rows(unit: str, one: SealedDossier) -> Iterator[MissingRow]:
    for (what, reason), count in sorted(one.missing.items()):
        yield MissingRow(
            unit=unit,
            patient=one.patient,
            patient_number=one.traits.get("number", ""),
            what=what,
            missing=str(count),
            of=str(one.counts.get(what, 0)),
            reason=reason.value,
            meaning_fr=translate(REASONS[reason], "fr", "formats"),
            meaning_en=translate(REASONS[reason], "en", "formats"),
        )
