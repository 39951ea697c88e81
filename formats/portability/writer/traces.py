"""Traces as syslog (RFC 5424): who opened or changed which dossier, and what was done with the practice's data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from formats.model.dossier import Dossier
from formats.model.provenance import AccessEvent

PRIORITY = 13 * 8 + 6
"""Facility log audit (13), severity informational (6): 6.2.1."""
_BYTE_ORDER_MARK = "\ufeff"
"""In front of a message in UTF-8 (6.4)."""
_UNNAMED = re.compile(r"[^!-~]+")
ACCESS = "access"


def trace_line(moment: str, application: str, kind: str, content: Mapping[str, Any]) -> bytes:
    """Return one message: its moment (ISO 8601 with a zone, or nothing), what wrote it, its kind, what it says."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    head = f"<{PRIORITY}>1 {moment or '-'} - {_name(application, 48)} - {_name(kind, 32)} -"
    return f"{head} {_BYTE_ORDER_MARK}{text}\n".encode("utf-8", "replace")


def accesses(dossier: Dossier) -> Iterator[bytes]:
    """Yield the traces of one dossier."""
    system = next((row.system for row in dossier.source_rows), "-")
    for one in dossier.access_events:
        content = {
            "patient": one.patient,
            "actor": one.actor,
            "action": one.action,
            "detail": one.detail,
            "device": one.device,
            "day": one.happened_at.isoformat() if one.happened_at and not _timed(one) else "",
        }
        yield trace_line(_timed(one), system, ACCESS, {k: v for k, v in content.items() if v})


def _timed(one: AccessEvent) -> str:
    """Return the moment of an access, nothing where its day alone is known: a message has a moment or none."""
    return one.happened_at.isoformat() if isinstance(one.happened_at, datetime) else ""


def _name(text: str, limit: int) -> str:
    """Return a name as the header takes one: printable ASCII without spaces, at most so long."""
    return _UNNAMED.sub("_", text)[:limit] or "-"
