"""Which practice keeps the dossiers of an export whose patients name no organisation: who issued all their numbers.

A number of a person that a country issues (an INS, a passport) says nothing of it. Of what remains, one issuer must be
common to all of these patients who have any; the strongest evidence decides, and of two that are equal none does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from formats.cda.document import practice_identity
from formats.errors import FormatFailure
from formats.fhir.elements import Element
from formats.model.people import Practice
from formats.words import mark

MAX_NAMED = 5
"""Issuers that are named where none is the one."""
_NATIONAL_ROOTS = ("1.2.250.1.213.1.4", "1.2.250.1.71.4.2", "2.16.840.1.113883.4", "1.2.250.1.213.1.3.1")
"""OIDs below which a country numbers persons and organisations: the INS, French professionals, those of HL7."""
_NATIONAL_ADDRESSES = ("http://hl7.org/fhir/sid/", "https://hl7.org/fhir/sid/")
_NATIONAL_TYPES = frozenset(
    {"NI", "NH", "NNFRA", "SS", "PPN", "DL", "TAX", "MC", "MB", "SN", "CZ", "NIIP"}
    | {"INS-C", "INS-NIR", "INS-NIA", "INS-NIR-TEST", "INS-NIR-DEMO", "INS-FAM"}
)
"""Types of identifiers (HL7 v2-0203, and those of FR Core) that countries and insurers issue."""
_OF_PRACTICE = frozenset({"MR", "PI", "PT", "MRT"})
"""Types of identifiers by which whoever keeps a dossier knows a patient."""


class PracticeUnknown(FormatFailure):
    """An export whose patients name no organisation, and of whose numbers nothing says who issued them."""

    code = "fhir-practice-unknown"
    sentence = mark(
        "Nothing in this export says which practice keeps the dossiers: give a stable number of it (--practice)."
    )


class PracticeAmbiguous(FormatFailure):
    """An export whose patients name no organisation, and whose numbers several have issued."""

    code = "fhir-practice-ambiguous"
    sentence = mark(
        "The patients of this export name no practice, and several may keep the dossiers ({named}): give a stable "
        "number of the one that does (--practice)."
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Issuer:
    """Whoever may keep a dossier; ``organization`` is the key of a resource of the export, ``rank`` 0 the strongest."""

    practice: Practice
    organization: str = ""
    rank: int = field(default=0, compare=False)


@dataclass(slots=True)
class SharedIssuers:
    """The issuers that all patients so far have in common who have any; ``organization`` resolves a reference."""

    organization: Callable[[str], tuple[str, Practice] | None]
    _shared: dict[str, Issuer] | None = None
    _seen: dict[str, str] = field(default_factory=dict)

    def note(self, patient: Element) -> None:
        """Take what a patient without an organisation of the export says of who keeps the dossier."""
        found: dict[str, Issuer] = {}
        for one in self._of(patient):
            known = found.get(one.practice.id)
            if known is None or one.rank < known.rank:
                found[one.practice.id] = one
        for identity, one in found.items():
            if len(self._seen) < MAX_NAMED:
                self._seen.setdefault(identity, one.practice.name)
        if not found:
            return
        if self._shared is None:
            self._shared = found
            return
        both = self._shared.keys() & found.keys()
        self._shared = {
            identity: max(self._shared[identity], found[identity], key=lambda one: one.rank)
            for identity in sorted(both)
        }

    def only(self, place: str) -> Issuer:
        """Return the issuer that is the one.

        Raises:
            PracticeUnknown, PracticeAmbiguous: when there is none.
        """
        if self._shared is None:
            raise PracticeUnknown(where=place)
        best = min((one.rank for one in self._shared.values()), default=0)
        found = [one for one in self._shared.values() if one.rank == best]
        if len(found) == 1:
            return found[0]
        names = sorted(one.practice.name for one in found) or sorted(self._seen.values())
        raise PracticeAmbiguous(where=place, named=", ".join(names[:MAX_NAMED])[:500])

    def _of(self, patient: Element) -> Iterator[Issuer]:
        """Yield whoever ``patient`` says may keep the dossier."""
        managing = patient.get("managingOrganization")
        if isinstance(managing, dict):
            yield from self._named(managing, patient, rank=0)
        for one in objects(patient.get("identifier")):
            types = _types(one)
            if types & _NATIONAL_TYPES:
                continue
            rank = 1 if types & _OF_PRACTICE else 3
            assigner = one.get("assigner")
            named = list(self._named(assigner, patient, rank=rank)) if isinstance(assigner, dict) else []
            yield from named
            system = element_text(one, "system")
            if system and not named and not _is_national(system):
                practice = Practice(id=practice_identity("", "", system), name=system)
                yield Issuer(practice=practice, rank=rank + 1)

    def _named(self, reference: Element, patient: Element, *, rank: int) -> Iterator[Issuer]:
        """Yield the organisation that a Reference is to, or that it describes."""
        text = element_text(reference, "reference")
        inner = next((one for one in objects(patient.get("contained")) if text == f"#{one.get('id')}"), None)
        found = self.organization(text) if text else None
        if found is not None:
            yield Issuer(practice=found[1], organization=found[0], rank=rank)
        elif inner is not None and inner.get("resourceType") == "Organization":
            practice = practice_of(inner, "")
            yield from [Issuer(practice=practice, rank=rank)] if practice.name else []
        else:
            identifier = reference.get("identifier")
            system, value = (
                (element_text(identifier, "system"), element_text(identifier, "value"))
                if isinstance(identifier, dict)
                else ("", "")
            )
            name = element_text(reference, "display")
            if name or (system and value):
                identity = (
                    practice_identity(system, value, name) if value else practice_identity("", "", name)
                )
                yield Issuer(practice=Practice(id=identity, name=name or f"{system}^{value}"), rank=rank)


def practice_of(organization: Element, otherwise: str) -> Practice:
    """Return an Organization as a practice that is known by number, by name, or else as ``otherwise``."""
    numbers = (
        (element_text(one, "system"), element_text(one, "value"))
        for one in objects(organization.get("identifier"))
    )
    system, value = next((one for one in numbers if all(one)), ("", ""))
    name = element_text(organization, "name") or otherwise
    return Practice(id=practice_identity(system, value, name), name=name or value)


def _types(identifier: Element) -> frozenset[str]:
    kind = identifier.get("type")
    codings = objects(kind.get("coding")) if isinstance(kind, dict) else []
    return frozenset(element_text(one, "code").upper() for one in codings)


def _is_national(system: str) -> bool:
    """Tell whether a country numbers persons or organisations under ``system``."""
    oid = system.removeprefix("urn:oid:")
    below = any(oid == root or oid.startswith(f"{root}.") for root in _NATIONAL_ROOTS)
    return below or system.startswith(_NATIONAL_ADDRESSES)


def objects(value: Any) -> list[Element]:
    """Return the objects in the list ``value``; nothing for anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def element_text(node: Element, name: str) -> str:
    """Return the text of the element ``name``; nothing for anything else."""
    found = node.get(name)
    return found if isinstance(found, str) else ""
