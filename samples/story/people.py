"""The people of the practice: who they are, who cares for them, and what each is there to prove."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from samples.story import numbers

OWNER, COLLABORATOR, FORMER, REPLACEMENT, NOBODY = 1, 2, 3, 4, 5
"""Provider numbers of the practice."""

TODAY = date(2025, 6, 30)
"""The evening on which the collaborator leaves and the practice is copied."""

ADULT = 18

PATIENT, NON_PATIENT, INACTIVE, ARCHIVED, DELETED, DECEASED, PROSPECTIVE = range(7)
"""PatStatus as Open Dental numbers it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Practitioner:
    """One row of the provider table: a person or, for ``RPPS`` empty, a column of the diary."""

    number: int
    family: str
    given: str
    short: str
    rpps: str
    role: str
    ended: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """One fictive patient: traits, family ties, practitioners who treated them, and the purpose served.

    ``payer`` 0 means the patient pays; ``seen`` holds provider numbers; ``ins_status`` is PROV, VALI, RECUP,
    QUAL or empty when nobody asked. Of ``birth`` only the month is known where ``born_in_month`` is true.
    """

    number: int
    family: str
    given: str
    sex: str
    birth: date | None
    born_in_month: bool = False
    seen: tuple[int, ...] = ()
    payer: int = 0
    guardian: int = 0
    follows: int = 0
    status: int = PATIENT
    birth_family: str = ""
    department: str = "14"
    ins_status: str = ""
    ins: str = ""
    series: str = "TIL"
    key: str = ""
    proves: str = ""
    prouve: str = ""

    @property
    def identifier(self) -> str:
        """Return the 15-character test INS; only a fetched or qualified identity has one."""
        if self.ins or self.ins_status not in {"QUAL", "RECUP"} or self.birth is None:
            return self.ins
        return numbers.ins(sex=self.sex, birth=self.birth, department=self.department, order=self.number)

    @property
    def birth_date(self) -> str:
        """Return the birth date in ISO 8601, as precisely as it is known; empty when it is not."""
        if self.birth is None:
            return ""
        return self.birth.strftime("%Y-%m") if self.born_in_month else self.birth.isoformat()

    @property
    def chart_number(self) -> str:
        """Return the dossier number written on the paper folder; the successor has a series of its own."""
        return f"{self.series}-{self.number:04d}"

    @property
    def principal(self) -> int:
        """Return the practitioner written as the patient's own."""
        return self.follows or (self.seen[-1] if self.seen else OWNER)

    def is_minor(self) -> bool:
        """Tell whether the person is under age when the practice is copied."""
        return self.birth is not None and self.birth > TODAY.replace(year=TODAY.year - ADULT)


PRACTITIONERS = (
    Practitioner(
        number=OWNER, family="Vauquelin", given="Hélène", short="HV", rpps=numbers.rpps(1), role="titulaire"
    ),
    Practitioner(
        number=COLLABORATOR,
        family="Kerbrat",
        given="Malo",
        short="MK",
        rpps=numbers.rpps(2),
        role="collaborateur",
    ),
    Practitioner(
        number=FORMER,
        family="Desroches",
        given="Pascal",
        short="PD",
        rpps=numbers.rpps(3),
        role="ancien associé",
        ended=date(2019, 12, 31),
    ),
    Practitioner(
        number=REPLACEMENT,
        family="Belhadj",
        given="Inès",
        short="IB",
        rpps=numbers.rpps(4),
        role="remplaçante",
    ),
    Practitioner(
        number=NOBODY, family="Prophylaxie", given="", short="PRO", rpps="", role="colonne d'agenda"
    ),
)


def practitioner_name(number: int) -> str:
    """Return a practitioner as the front desk writes them, « Dr Malo Kerbrat »."""
    who = PRACTITIONERS[number - 1]
    return f"Dr {who.given} {who.family}"
