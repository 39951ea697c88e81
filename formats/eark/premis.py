"""Digital provenance of a package (PREMIS 3): what it is, and that this software made it."""

from __future__ import annotations

from formats.eark.entries import PackageFacts
from formats.xml_markup import DECLARATION, Markup, element, end_tag, join_markup, start_tag, text_element

NAMESPACES = {
    "xmlns:premis": "http://www.loc.gov/premis/v3",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "version": "3.0",
}


def premis_bytes(facts: PackageFacts, *, dossiers: int, files: int) -> bytes:
    """Return the PREMIS document of a package with so many dossiers and files."""
    detail = f"Written from opened dossiers: dossiers {dossiers}, files {files}."
    software = f"{facts.software} {facts.version}"
    whole = (
        DECLARATION,
        start_tag("premis:premis", NAMESPACES),
        element(
            "premis:object",
            identifier_element("object", facts.identifier),
            xsi_type="premis:intellectualEntity",
        ),
        element(
            "premis:event",
            identifier_element("event", f"{facts.identifier}/creation"),
            text_element("premis:eventType", "information package creation"),
            text_element("premis:eventDateTime", facts.created.isoformat()),
            element("premis:eventDetailInformation", text_element("premis:eventDetail", detail)),
            linking_element("Agent", software),
            linking_element("Object", facts.identifier),
        ),
        element(
            "premis:agent",
            identifier_element("agent", software),
            text_element("premis:agentName", facts.software),
            text_element("premis:agentType", "software"),
            text_element("premis:agentVersion", facts.version),
        ),
        end_tag("premis:premis"),
    )
    return join_markup(whole).encode("utf-8")


def identifier_element(what: str, value: str) -> Markup:
    """Return the local identifier of an object, event or agent, as PREMIS 3.0 has it."""
    return element(
        f"premis:{what}Identifier",
        text_element(f"premis:{what}IdentifierType", "local"),
        text_element(f"premis:{what}IdentifierValue", value),
    )


def linking_element(what: str, value: str) -> Markup:
    """Return the link to an object, event or agent by its local identifier."""
    return element(
        f"premis:linking{what}Identifier",
        text_element(f"premis:linking{what}IdentifierType", "local"),
        text_element(f"premis:linking{what}IdentifierValue", value),
    )
