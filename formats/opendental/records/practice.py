"""The practice and those who treat in it."""

from __future__ import annotations

from formats.model.identity import RPPS_SYSTEM, Contact, ContactKind, ContactUse, Identifier, IdentifierType
from formats.model.people import Engagement, Practice, Practitioner, Role
from formats.opendental import codes
from formats.opendental.database.row import Row
from formats.opendental.joins.lookup_context import LookupContext
from formats.opendental.records.contact import postal_address

RPPS_DIGITS = 11
_CURRENCIES = {"CA": "CAD", "US": "USD", "CH": "CHF", "GB": "GBP", "AU": "AUD", "NZ": "NZD"}
"""Currency by the region of the preference LanguageAndRegion; euro elsewhere."""


def practice_record(context: LookupContext) -> Practice:
    """Return the practice as its settings describe it."""
    settings = context.preferences
    telephones = ((ContactKind.PHONE, "PracticePhone"), (ContactKind.FAX, "PracticeFax"))
    return Practice(
        id=context.practice,
        name=settings.get("PracticeTitle", ""),
        addresses=postal_address(
            lines=(settings.get("PracticeAddress", ""), settings.get("PracticeAddress2", "")),
            postal_code=settings.get("PracticeZip", ""),
            city=settings.get("PracticeCity", ""),
            state=settings.get("PracticeST", ""),
            use=ContactUse.WORK,
        ),
        contacts=tuple(
            Contact(kind=kind, value=settings[name], use=ContactUse.WORK)
            for kind, name in telephones
            if settings.get(name)
        ),
        time_zone=str(context.zone),
        currency=_CURRENCIES.get(settings.get("LanguageAndRegion", "")[-2:], "EUR"),
    )


def practitioner(row: Row, context: LookupContext) -> Practitioner:
    """Return a practitioner; those who left stay, marked inactive, or history would not resolve."""
    given = " ".join(part for part in (row.text("FName"), row.text("MI")) if part)
    return Practitioner(
        id=context.id("provider", row.key),
        family_name=row.text("LName") or row.text("Abbr"),
        given_name=given,
        title=row.text("Suffix"),
        specialty=context.definition(row, "Specialty"),
        identifiers=_identifiers(row, context),
        engagements=_engagements(row),
        active=not row.number("IsHidden") and not row.number("ProvStatus"),
        person=not row.number("IsNotPerson"),
    )


def _identifiers(row: Row, context: LookupContext) -> tuple[Identifier, ...]:
    """The column of the American national number holds the RPPS in France: eleven digits instead of ten."""
    national = row.text("NationalProvID").replace(" ", "")
    found = [Identifier(type=IdentifierType.LOCAL, system=f"urn:uuid:{context.practice}", value=row.key)]
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
    role, end = codes.practitioner_role_in(row.text("SchedNote")), row.day("DateTerm")
    return (Engagement(role=role, end=end),) if role is not Role.UNKNOWN or end else ()
