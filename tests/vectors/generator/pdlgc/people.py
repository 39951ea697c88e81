"""Two fictive patients, who treats them, and who signs the archive: a vendor certified by a test authority."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tests.vectors.generator.people import Person, person, rsa_key

VENDOR, VENDOR_NUMBER = "Cabinet des Tilleuls", "499900000018001"
INS_TEST = "1.2.250.1.213.1.4.10"
PRACTICE_OID = "1.2.250.1.71.4.2.2"
PROFESSIONAL = "1.2.250.1.71.4.2.1"
PATIENT_ISSUER = "1.2.250.1.999.1"


@dataclass(frozen=True, kw_only=True)
class Sufferer:
    """A patient; with ``insured`` the number is an INS of tests, else one of the practice."""

    family: str
    given: str
    number: str
    birth: str
    sex: str
    insured: bool = False

    @property
    def cx(self) -> str:
        """The number as HL7 v2 writes it."""
        issuer, kind = (INS_TEST, "NH") if self.insured else (PATIENT_ISSUER, "PI")
        return f"{self.number}^^^&{issuer}&ISO^{kind}"


PATIENTS = (
    Sufferer(family="EXEMPLE", given="Anne", number="1001", birth="19610215", sex="F"),
    Sufferer(family="PETIT-TEST", given="Paul", number="1002", birth="19840630", sex="M"),
)
INSURED = Sufferer(
    family="PAT-TROIS", given="DOMINIQUE", number="279035121518989", birth="19790328", sex="F", insured=True
)
"""The patient of the ANS's own examples: the INS of tests with a right key."""


@cache
def authority() -> Person:
    """Return the test authority, called as one of the IGC Santé is."""
    return person(
        "igc", called="TEST AC IGC-SANTE ELEMENTAIRE ORGANISATIONS", authority=True, own=rsa_key("igc", 2048)
    )


@cache
def vendor(bits: int = 2048) -> Person:
    """Return the vendor with an RSA key."""
    return person("tilleuls", called=VENDOR, issuer=authority(), own=rsa_key(f"tilleuls {bits}", bits))


@cache
def another() -> Person:
    """Return somebody whom the manifest does not name, certified by the same authority."""
    return person("chenes", called="Cabinet des Chênes", issuer=authority(), own=rsa_key("chenes", 2048))


@cache
def own_authority() -> Person:
    """Return the vendor certified by themselves."""
    return person("tilleuls alone", called=VENDOR, own=rsa_key("tilleuls alone", 2048))
