"""Addresses and ways to reach someone, from columns that patients and the practice share in kind."""

from __future__ import annotations

import re

from formats.databases.tables import Cells
from formats.model.identity import Address, Contact, ContactKind, ContactUse

_CONTACT_COLUMNS = (
    ("HmPhone", ContactKind.PHONE, ContactUse.HOME),
    ("WirelessPhone", ContactKind.MOBILE, ContactUse.UNKNOWN),
    ("WkPhone", ContactKind.PHONE, ContactUse.WORK),
    ("Email", ContactKind.EMAIL, ContactUse.UNKNOWN),
)


def contact_points(cells: Cells) -> tuple[Contact, ...]:
    """Return the telephones and mail addresses of a ``patient`` row; one cell may hold several of these."""
    return tuple(
        Contact(kind=kind, value=value, use=use)
        for column, kind, use in _CONTACT_COLUMNS
        for value in _values(cells, column, several=kind is ContactKind.EMAIL)
    )


def _values(cells: Cells, column: str, *, several: bool) -> list[str]:
    cell = str(cells.get(column) or "")
    parts = re.split(r"[,;\s]+", cell) if several else [cell.strip()]
    return [part for part in parts if part]


def postal_addresses(cells: Cells) -> tuple[Address, ...]:
    """Return the postal address of a row of ``patient``, none when nothing of it is filled in."""
    return postal_address(
        lines=(_cell(cells, "Address"), _cell(cells, "Address2")),
        postal_code=_cell(cells, "Zip"),
        city=_cell(cells, "City"),
        state=_cell(cells, "State"),
        country=_cell(cells, "Country"),
    )


def postal_address(
    *,
    lines: tuple[str, ...],
    postal_code: str,
    city: str,
    state: str = "",
    country: str = "",
    use: ContactUse = ContactUse.UNKNOWN,
) -> tuple[Address, ...]:
    """Return one address, none when it is empty; a state stands on a line of its own."""
    written = tuple(line for line in (*lines, state) if line)
    if not (written or postal_code or city):
        return ()
    return (Address(lines=written, postal_code=postal_code, city=city, country=country, use=use),)


def _cell(cells: Cells, column: str) -> str:
    return str(cells.get(column) or "").strip()
