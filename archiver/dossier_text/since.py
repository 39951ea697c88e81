"""Part of a dossier since a day: what is dated before it is left out, what has no date stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from archiver.practice.imports.dossier_part import DossierPart, part_of_dossier
from formats.model.dossier import Dossier


def dossier_since(dossier: Dossier, since: date) -> Dossier:
    """Return ``dossier`` with the records of ``since`` and later, those to which they refer, and all verbatim rows."""
    return replace(part_of_dossier(dossier, [DossierPart(since=since)]), source_rows=dossier.source_rows)
