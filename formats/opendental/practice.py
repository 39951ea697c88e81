"""The practice and those who treat in it."""

from __future__ import annotations

from formats.model.identity import RPPS_SYSTEM, Contact, ContactKind, Identifier, IdentifierType, Use
from formats.model.people import Engagement, Practice, Practitioner, Role
from formats.opendental import codes
from formats.opendental.contact import address
from formats.opendental.known import Known
from formats.opendental.row import Row

RPPS_DIGITS = 11
_CURRENCIES = {"CA": "CAD", "US": "USD", "CH": "CHF", "GB": "GBP", "AU": "AUD", "NZ": "NZD"}
"""Currency by the region of the preference LanguageAndRegion; euro elsewhere."""


def practice(known: Known) -> Practice:
    """Return the practice as its settings describe it."""
    settings = known.preferences
    telephones = ((ContactKind.PHONE, "PracticePhone"), (ContactKind.FAX, "PracticeFax"))
    return Practice(
        id=known.practice,
        name=settings.get("PracticeTitle", ""),
        addresses=address(
            lines=(settings.get("PracticeAddress", ""), settings.get("PracticeAddress2", "")),
            postal_code=settings.get("PracticeZip", ""),
            city=settings.get("PracticeCity", ""),
            state=settings.get("PracticeST", ""),
            use=Use.WORK,
        ),
        contacts=tuple(
            Contact(kind=kind, value=settings[name], use=Use.WORK)
            for kind, name in telephones
            if settings.get(name)
        ),
        time_zone=str(known.zone),
        currency=_CURRENCIES.get(settings.get("LanguageAndRegion", "")[-2:], "EUR"),
    )


def practitioner(row: Row, known: Known) -> Practitioner:
    """Return a practitioner; those who left stay, marked inactive, or history would not resolve."""
    given = " ".join(part for part in (row.text("FName"), row.text("MI")) if part)
    return Practitioner(
        id=known.id("provider", row.key),
        family_name=row.text("LName") or row.text("Abbr"),
        given_name=given,
        title=row.text("Suffix"),
        specialty=known.definition(row, "Specialty"),
        identifiers=_identifiers(row, known),
        engagements=_engagements(row),
        active=not row.number("IsHidden") and not row.number("ProvStatus"),
        person=not row.number("IsNotPerson"),
    )


def _identifiers(row: Row, known: Known) -> tuple[Identifier, ...]:
    """The column of the American national number holds the RPPS in France: eleven digits instead of ten."""
    national = row.text("NationalProvID").replace(" ", "")
    found = [Identifier(type=IdentifierType.LOCAL, system=f"urn:uuid:{known.practice}", value=row.key)]
    if national.isdigit() and len(national) == RPPS_DIGITS:
        found.append(Identifier(type=IdentifierType.RPPS, system=RPPS_SYSTEM, value=national))
    elif national:
        found.append(
            Identifier(
                type=IdentifierType.OTHER, system="urn:opendental:provider:NationalProvID", value=national
            )
        )
    return tuple(found)


def _engagements(row: Row) -> tuple[Engagement, ...]:
    held, end = codes.role(row.text("SchedNote")), row.day("DateTerm")
    return (Engagement(role=held, end=end),) if held is not Role.UNKNOWN or end else ()
