"""The patient of a clinical document judged: identifiers, INS with its key, traits, birth place."""

from __future__ import annotations

from formats.cda.elements import attribute, child, elements_at, plain, stamp_date
from formats.judging.judgement import Judging
from formats.judging.values import INS_ISSUERS, TEST_ISSUERS, ins_key_holds, is_oid
from formats.xml import Element

_INS_ARC = "1.2.250.1.213.1.4."
_SEXES = frozenset({"M", "F", "U", "UN"})
_INSEE_LENGTH = 5


def judge_patient_role(root: Element, where: str, judging: Judging) -> None:
    """Judge the record target."""
    targets = elements_at(root, "recordTarget/patientRole")
    role = targets[0] if targets else None
    ids = [(attribute(one, "root"), attribute(one, "extension")) for one in elements_at(role, "id")]
    known = [(oid, value) for oid, value in ids if oid]
    judging.check("cda-patient", len(targets) == 1 and known and all(is_oid(oid) for oid, _ in known), where)
    issued = [(oid, value) for oid, value in known if oid.startswith(_INS_ARC) or is_matricule_of_ins(value)]
    for oid, value in issued:
        judging.check("cda-ins", oid in INS_ISSUERS and ins_key_holds(value), where, f"{value} ({oid})")
    judging.check("cda-ins-missing", issued, where)
    test = next((oid for oid, _ in issued if oid in TEST_ISSUERS), "")
    judging.check("cda-ins-test", not test, where, test)
    patient = child(role, "patient")
    missing = missing_traits(patient)
    judging.check("cda-traits", not missing, where, ", ".join(missing))
    if issued:
        address = child(patient, "birthplace/place/addr")
        county = plain(child(address, "county"))
        judging.check("cda-birth-place", len(county) == _INSEE_LENGTH, where, county)


def is_matricule_of_ins(value: str) -> bool:
    """Tell whether an identifier looks like an INS with a right key, under whatever authority it stands."""
    return ins_key_holds(value)


def missing_traits(patient: Element | None) -> list[str]:
    """Return which of the traits of an identity are not there."""
    missing = []
    names = elements_at(patient, "name")
    families = [one for name in names for one in elements_at(name, "family") if plain(one)]
    if not any(attribute(one, "qualifier") in {"BR", ""} for one in families):
        missing.append("family BR")
    if not any(plain(one) for name in names for one in elements_at(name, "given")):
        missing.append("given")
    if attribute(child(patient, "administrativeGenderCode"), "code") not in _SEXES:
        missing.append("administrativeGenderCode")
    if stamp_date(attribute(child(patient, "birthTime"))) is None:
        missing.append("birthTime")
    return missing
