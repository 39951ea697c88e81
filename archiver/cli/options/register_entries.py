"""What stands in every entry of a register: whom it is about, who writes it, why, and days."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Annotated, Any

import typer

from archiver.cli.clock import now
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.names import visible_name
from archiver.cli.terminal.usage_errors import SayHow
from formats.words import mark

MAX_TEXT = 1000
"""Characters of a reason or a name in a register."""


def short_text(text: str) -> str:
    """Return ``text`` when it has nothing unseen, and is no longer than an entry of a register.

    Raises:
        BadParameter: when it has, or is.
    """
    if not (text or "").strip():
        raise typer.BadParameter(localize(mark("it is empty")))
    if len(text) > MAX_TEXT:
        raise typer.BadParameter(localize(mark("it has more than {limit} characters"), limit=MAX_TEXT))
    return visible_name(text)


def optional_text(text: str) -> str:
    """Return ``text`` as ``short_text`` does, or nothing where nothing is given."""
    return short_text(text) if text else ""


def text_option(option: str, sentence: str, check: Callable[[str], str] = optional_text) -> Any:
    """Return an option for a text that ``check`` lets into a register; ``sentence`` says what it is."""
    return typer.Option(option, callback=check, help=localize(sentence))


StorePath = Annotated[Path, typer.Argument(help=localize(mark("The practice store.")))]
PatientName = Annotated[
    str, typer.Argument(help=localize(mark("The patient: number, identity, or words that tell one person.")))
]
Author = Annotated[str, text_option("--by", mark("Who decides; it is written down."), short_text)]
Reason = Annotated[str, text_option("--reason", mark("Why; it is written down."), short_text)]
CertificateNumber = Annotated[str, text_option("--certificate", mark("The number of the certificate (HDS)."))]
CertificateScope = Annotated[str, text_option("--scope", mark("The activities that the certificate covers."))]
Certifier = Annotated[str, text_option("--certifier", mark("The body that certified."))]
CertificateEnd = Annotated[
    str, typer.Option("--until", help=localize(mark("The last day of the certificate.")))
]


def require_period(since: date | None, until: date | None) -> None:
    """Make sure that something can be of the period.

    Raises:
        SayHow: when it ends before it begins.
    """
    if since and until and since > until:
        raise SayHow(mark("--since is after --until: nothing is of such a period"))


def day_of(text: str, option: str, *, past: bool = False) -> date:
    """Return the day that ``option`` gives as ``text``.

    Raises:
        BadParameter: when it is none, or in the future where it cannot be.
    """
    from formats.tables.read import parse_day

    try:
        found = parse_day(text)
    except ValueError:
        found = None
    if found is None:
        raise typer.BadParameter(
            localize(mark("it is no day; write 2026-11-29 or 29/11/2026")), param_hint=option
        )
    if past and found > now().date():
        raise typer.BadParameter(localize(mark("it is in the future")), param_hint=option)
    return found


def kinds_of(names: Iterable[str], option: str) -> tuple[str, ...]:
    """Return the kinds of record that ``option`` names, each once.

    Raises:
        BadParameter: when one of them is none.
    """
    from formats.model.dossier import PATIENT_KINDS

    known = [kind.kind for kind in PATIENT_KINDS]
    found = tuple(dict.fromkeys(names))
    if not set(found) <= set(known):
        reason = localize(mark("kinds of record are {kinds}"), kinds=", ".join(known))
        raise typer.BadParameter(reason, param_hint=option)
    return found


def time_of(text: str, option: str, zone: tzinfo, at: datetime) -> tuple[date, datetime | None]:
    """Return the day that ``option`` gives as ``text``, and the moment where it gives one, in ``zone``; else ``at``.

    Raises:
        BadParameter: when it is none, or in the future.
    """
    if not text:
        moment = at.astimezone(zone).replace(microsecond=0)
        return moment.date(), moment
    day, _, time = text.replace("T", " ").strip().partition(" ")
    found = day_of(day, option, past=True)
    if not time:
        return found, None
    try:
        moment = datetime.fromisoformat(f"{found.isoformat()} {time}")
    except ValueError as fault:
        raise typer.BadParameter(
            localize(mark("it is no time; write 2026-11-29 14:30")), param_hint=option
        ) from fault
    moment = moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    if moment > at:
        raise typer.BadParameter(localize(mark("it is in the future")), param_hint=option)
    return moment.date(), moment
