"""Who someone is: identifiers, strict traits, names, ways to reach them.

Source: référentiel INS and RNIV (ANS); OIDs of the INS namespaces.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from formats.model.dates import AnyDate

INS_NIR_OID = "1.2.250.1.213.1.4.8"
INS_NIA_OID = "1.2.250.1.213.1.4.9"
INS_TEST_OID = "1.2.250.1.213.1.4.10"
INS_DEMO_OID = "1.2.250.1.213.1.4.11"
INS_OIDS = frozenset({INS_NIR_OID, INS_NIA_OID, INS_TEST_OID, INS_DEMO_OID})
RPPS_SYSTEM = "https://rpps.esante.gouv.fr"


class IdentifierType(StrEnum):
    """What an identifier is for; the billing NIR shares its OID with the INS, so the type decides."""

    INS = "INS"
    NIR = "NIR"
    LOCAL = "LOCAL"
    CHART = "CHART"
    RPPS = "RPPS"
    ADELI = "ADELI"
    FINESS = "FINESS"
    SIRET = "SIRET"
    MEMBER = "MEMBER"
    OTHER = "OTHER"


@dataclass(frozen=True, kw_only=True, slots=True)
class Identifier:
    """A value in a naming system; ``system`` is an OID in dots or a URI."""

    type: IdentifierType
    system: str
    value: str


class InsStatus(StrEnum):
    """Exclusive confidence of an identity (RNIV 1)."""

    PROVISIONAL = "PROV"
    VALIDATED = "VALI"
    RETRIEVED = "RECUP"
    QUALIFIED = "QUAL"


class Sex(StrEnum):
    """Sex as an INS trait; ``OTHER`` and ``UNKNOWN`` come from foreign sources."""

    MALE = "M"
    FEMALE = "F"
    OTHER = "O"
    UNKNOWN = "U"


@dataclass(frozen=True, kw_only=True, slots=True)
class Traits:
    """The strict traits (birth names, date, sex, birthplace) and the names in use.

    ``birth_given_names`` keeps the civil order; ``birth_place`` is an INSEE code.
    Names keep the spelling of the source.
    """

    birth_family_name: str = ""
    birth_given_names: tuple[str, ...] = ()
    used_family_name: str = ""
    used_given_name: str = ""
    birth_date: AnyDate | None = None
    sex: Sex = Sex.UNKNOWN
    birth_place: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierTraits:
    """Traits that a record had before its source changed them; ``until`` is when the change was seen."""

    traits: Traits
    until: datetime


def names_and_birth(traits: Traits) -> str:
    """Return family name, first given name and birth date (``?`` when unknown), as a list shows a patient."""
    family = traits.birth_family_name or traits.used_family_name
    given = traits.birth_given_names[0] if traits.birth_given_names else traits.used_given_name
    born = traits.birth_date.isoformat() if traits.birth_date else "?"
    return f"{family} {given} {born}"


class ContactKind(StrEnum):
    PHONE = "phone"
    MOBILE = "mobile"
    FAX = "fax"
    EMAIL = "email"
    URL = "url"


class ContactUse(StrEnum):
    """What an address or a telephone is for; ``UNKNOWN`` where the source does not say."""

    UNKNOWN = "unknown"
    HOME = "home"
    WORK = "work"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """A way to reach someone."""

    kind: ContactKind
    value: str
    use: ContactUse = ContactUse.UNKNOWN


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """A postal address; ``country`` is as the source writes it (ISO 3166 where it does)."""

    lines: tuple[str, ...] = ()
    postal_code: str = ""
    city: str = ""
    country: str = ""
    use: ContactUse = ContactUse.UNKNOWN
