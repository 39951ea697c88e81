"""Journal as PREMIS 3.0: the packages, what was done to them, and by whom; written piece by piece.

The types of events are those of the Library of Congress (<https://id.loc.gov/vocabulary/preservation/eventType>).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing

from archiver.vault.journal.acts import DESTRUCTION_REQUESTED, DESTRUCTION_WITHDRAWN, destroys_whole
from archiver.vault.journal.entry import JournalEntry, LoggedEntry, VaultAct
from formats.eark.premis import identifier_element, linking_element
from formats.xml_markup import DECLARATION, Markup, element, end_tag, start_tag, text_element

NAMESPACES = {
    "xmlns:premis": "http://www.loc.gov/premis/v3",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "version": "3.0",
}
EVENT_TYPES = {
    VaultAct.DEPOSIT: "ingestion",
    VaultAct.CHECK: "fixity check",
    VaultAct.PARITY: "creation",
    VaultAct.REPAIR: "recovery",
    VaultAct.RENEWAL: "digital signature generation",
    VaultAct.ACCESS: "dissemination",
    VaultAct.HOLD: "policy assignment",
    VaultAct.LIFT: "policy assignment",
    VaultAct.APPROVAL: "appraisal",
    VaultAct.DESTRUCTION: "deletion",
    VaultAct.RESTITUTION: "transfer",
    VaultAct.DESCRIPTION: "metadata modification",
    VaultAct.WITNESS: "digital signature validation",
}
"""What PREMIS calls each act; which one it was stands in the detail of the event, too."""
UNITS_DESTROYED = "modification"
"""What PREMIS calls it when a package loses units, and the rest of it stays."""


def premis_pieces(vault_id: str, entries: Callable[[], Iterable[LoggedEntry]]) -> Iterator[bytes]:
    """Yield the PREMIS document of ``entries``, which are read twice; what is about no package is about the vault."""
    with closing(sqlite3.connect("")) as connection:
        connection.execute("CREATE TABLE objects (name TEXT PRIMARY KEY) WITHOUT ROWID")
        connection.execute("CREATE TABLE agents (name TEXT PRIMARY KEY) WITHOUT ROWID")
        connection.execute("INSERT INTO objects VALUES (?)", (vault_id,))
        for one in entries():
            name = one.entry.object_id or vault_id
            connection.execute("INSERT OR IGNORE INTO objects VALUES (?)", (name,))
            connection.execute("INSERT OR IGNORE INTO agents VALUES (?)", (one.entry.agent,))
        yield DECLARATION.encode() + start_tag("premis:premis", NAMESPACES).encode() + b"\n"
        for (name,) in connection.execute("SELECT name FROM objects ORDER BY name"):
            yield _line(_object(name))
        for one in entries():
            yield _line(_event(vault_id, one))
        for (name,) in connection.execute("SELECT name FROM agents ORDER BY name"):
            yield _line(_agent(name))
        yield end_tag("premis:premis").encode() + b"\n"


def _line(markup: Markup) -> bytes:
    return markup.encode() + b"\n"


def _object(name: str) -> Markup:
    return element("premis:object", identifier_element("object", name), xsi_type="premis:intellectualEntity")


def _event(vault_id: str, one: LoggedEntry) -> Markup:
    entry = one.entry
    facts = "; ".join(f"{name}: {value}" for name, value in sorted(entry.facts.items()))
    outcome = text_element("premis:eventOutcome", entry.outcome or "done")
    note = element("premis:eventOutcomeDetail", text_element("premis:eventOutcomeDetailNote", facts))
    return element(
        "premis:event",
        identifier_element("event", f"{vault_id}/journal/{one.number}"),
        text_element("premis:eventType", _event_type(entry)),
        text_element("premis:eventDateTime", one.at),
        element("premis:eventDetailInformation", text_element("premis:eventDetail", entry.act.value)),
        element("premis:eventOutcomeInformation", outcome, *([note] if facts else [])),
        linking_element("Agent", entry.agent),
        linking_element("Object", entry.object_id or vault_id),
    )


def _event_type(entry: JournalEntry) -> str:
    if entry.act is VaultAct.DESTRUCTION and entry.outcome in {DESTRUCTION_REQUESTED, DESTRUCTION_WITHDRAWN}:
        return EVENT_TYPES[VaultAct.APPROVAL]  # a request deletes nothing
    if entry.act is VaultAct.DESTRUCTION and not destroys_whole(entry):
        return UNITS_DESTROYED
    return EVENT_TYPES[entry.act]


def _agent(name: str) -> Markup:
    kind = "software" if name.startswith("archiver ") else "person"
    return element(
        "premis:agent",
        identifier_element("agent", name),
        text_element("premis:agentName", name),
        text_element("premis:agentType", kind),
    )
