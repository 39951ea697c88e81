"""What the keyring says about one dossier: enough to choose it, and to prove that it came whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from archiver.identity.ins import ins_values
from archiver.sealing.errors import UnitMismatch
from archiver.sealing.keyring import KeyringEntry
from archiver.sealing.sealed import SealedUnit
from formats.model.dates import AnyDate, parse_date
from formats.model.identity import Identifier, IdentifierType, Traits
from formats.model.people import Patient, own_number
from formats.pdlgc.unit_place import UnitPlace


def patient_traits(patient: Patient) -> dict[str, str]:
    """Return the traits by which a person recognises a patient in a list."""
    traits = patient.traits
    texts = {
        "id": patient.id,
        "number": own_number(patient),
        "family": traits.birth_family_name or traits.used_family_name,
        "used_family": traits.used_family_name,
        "given": " ".join(traits.birth_given_names) or traits.used_given_name,
        "birth_date": traits.birth_date.isoformat() if traits.birth_date else "",
        "sex": traits.sex.value,
        "ins": " ".join(sorted(ins_values(patient))),
        "linked": " ".join(patient.linked),
    }
    return {name: text for name, text in texts.items() if text}


def patient_of_traits(traits: Mapping[str, str]) -> Patient:
    """Return what the ``traits`` of a keyring's line tell of a patient, for whoever compares lists with a package."""
    number = traits.get("number", "")
    return Patient(
        id=traits.get("id", ""),
        practice="",
        identifiers=(Identifier(type=IdentifierType.LOCAL, system="", value=number),) if number else (),
        traits=Traits(
            birth_family_name=traits.get("family", ""),
            birth_given_names=tuple(traits.get("given", "").split()),
            birth_date=_day(traits.get("birth_date", "")),
            used_family_name=traits.get("used_family", ""),
        ),
    )


def _day(text: str) -> AnyDate | None:
    try:
        return parse_date(text)
    except ValueError:  # of a keyring nobody has compared with its dossier yet
        return None


TRAITS = ("id", "number", "family", "used_family", "given", "birth_date", "sex", "ins", "linked")
"""The traits of a keyring's line that are those of the dossier; one that is unknown is left out."""


def compare_dossier(entry: KeyringEntry, patient: Patient, place: UnitPlace | None) -> None:
    """Refuse an opened dossier whose patient, or whose place in a package, is not that of the keyring's line.

    Raises:
        UnitMismatch: when a trait, the unit or the salt differs; what is said besides is left alone.
    """
    stated, found = entry.patient or {}, patient_traits(patient)
    if (
        any(stated.get(trait) != found.get(trait) for trait in TRAITS)
        or place is None
        or (place.unit, place.salt, dict(place.patient)) != (entry.unit, entry.salt, dict(stated))
    ):
        raise UnitMismatch(unit=entry.unit)


def keyring_entry(
    unit: str,
    sealed: SealedUnit,
    passphrase: str,
    traits: Mapping[str, str] | None,
    counts: Mapping[str, int],
    *,
    salt: str | None = None,
    destroy_from: date | None = None,
    hold: bool = False,
) -> KeyringEntry:
    """Return the line of one sealed dossier, or of the practice as a whole (no traits and no salt)."""
    return KeyringEntry(
        unit=unit,
        member=sealed.member,
        passphrase=passphrase,
        plain_digest=sealed.plain_digest,
        plain_size=sealed.plain_size,
        patient=traits,
        counts=dict(counts),
        salt=salt,
        destroy_from=destroy_from,
        hold=hold,
    )


def listed_patient(entry: KeyringEntry) -> Patient:
    """Return the patient of ``entry`` as far as it tells, by their unit where the sender gave no identity.

    Their practice is not known.
    """
    traits = entry.patient or {}
    born, number, given = (traits.get(one, "") for one in ("birth_date", "number", "given"))
    return Patient(
        id=traits.get("id") or entry.unit,
        practice="",
        traits=Traits(
            birth_family_name=traits.get("family", ""),
            birth_given_names=(given,) if given else (),
            used_family_name=traits.get("used_family", ""),
            birth_date=parse_date(born) if born else None,
        ),
        identifiers=(Identifier(type=IdentifierType.LOCAL, system="", value=number),) if number else (),
        linked=tuple(traits.get("linked", "").split()),
    )
