"""A transfer of a sealed package: who hands it to whom, under which rules, and the files it consists of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from formats.digests import Digest
from formats.seda.codes import NOT_STATED

APPRAISAL_YEARS = 20
"""Duration, in years, of the appraisal rule: as long as records are kept after the last act (CSP, R. 1112-7)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Agency:
    """An organisation as archiving systems know it: its ``identifier``, of which ``scheme`` says who gave it."""

    identifier: str = NOT_STATED
    scheme: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ManagementRules:
    """Identifiers of rules, which the archiving system must have in its own list.

    ``appraisal`` names a rule of ``appraisal_years`` years: a unit's start date is so many years before the day from
    which it may be destroyed.
    """

    appraisal: str = "DENT-ELIM-20A"
    appraisal_years: int = APPRAISAL_YEARS
    access: str = "DENT-SECRET-MEDICAL"
    hold: str = "DENT-GEL"


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferTerms:
    """What the two sides agreed on; ``agreement`` is the number of their agreement in the archiving system."""

    archival_agency: Agency = Agency()
    transferring_agency: Agency = Agency()
    originating_agency: Agency = Agency()
    agreement: str = ""
    rules: ManagementRules = ManagementRules()


@dataclass(frozen=True, kw_only=True, slots=True)
class Transfer:
    """One transfer: ``identifier`` of the message, ``package`` that it carries, ``title`` and ``description`` of it."""

    identifier: str
    package: str
    date: datetime
    title: str
    description: str
    terms: TransferTerms


@dataclass(frozen=True, kw_only=True, slots=True)
class DataObject:
    """A file of the transfer: its ``name`` in the package, its SHA-512, ``size`` in bytes.

    ``unit`` is the identifier of the sealed unit that it is, ``""`` for everything else. ``destroy_from`` is the day
    from which the law lets it be destroyed, nothing where nobody can tell; ``on_hold`` suspends that.
    """

    number: int
    name: str
    digest: Digest
    size: int
    unit: str = ""
    destroy_from: date | None = None
    on_hold: bool = False


DataObjects = Collection[DataObject]
"""All files of a transfer; gone through three times."""
