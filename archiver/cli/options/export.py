"""What an export takes and for whom, as options: whose dossiers, on what ground, cut how."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.terminal.language import localize
from archiver.cli.terminal.names import visible_name
from archiver.cli.terminal.sizes import bytes_of
from archiver.cli.terminal.usage_errors import SayHow
from archiver.scope.legal_ground import LegalGround
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class LeavingOptions:
    """Whose dossiers are exported, and which of them are under a hold.

    Raises:
        BadParameter, SayHow: when it is neither a roster nor everybody, or both.
    """

    practitioner: Annotated[
        str,
        typer.Option("--practitioner", help=localize(mark("With whom the patients leave: RPPS or name."))),
    ] = ""
    roster: Annotated[
        Path | None,
        typer.Option("--roster", help=localize(mark("The list of the patients who leave (CSV)."))),
    ] = None
    hold: Annotated[
        Path | None,
        typer.Option(
            "--hold", help=localize(mark("The list of the patients under a hold: a claim, a judge (CSV)."))
        ),
    ] = None
    everybody: Annotated[
        bool, typer.Option("--all", help=localize(mark("Take every patient and the practice as a whole.")))
    ] = False

    def __post_init__(self) -> None:
        if self.everybody and self.roster is not None:
            raise SayHow(localize(mark("--roster and --all exclude each other: give one of them")))
        if not self.everybody and self.roster is None:
            raise SayHow(localize(mark("Give --roster or --all")))
        if self.everybody and self.practitioner:
            raise typer.BadParameter(
                localize(mark("with --all everybody leaves")), param_hint="--practitioner"
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyOptions:
    """Who hands over to whom, and why; all of it is public."""

    ground: Annotated[LegalGround, typer.Option("--ground", help=localize(mark("On what legal ground.")))] = (
        LegalGround.NOT_STATED
    )
    sender: Annotated[
        str,
        typer.Option(
            "--sender",
            callback=visible_name,
            help=localize(mark("Who sends, for a store without a practice of its own.")),
        ),
    ] = ""
    receiver: Annotated[
        str,
        typer.Option(
            "--receiver", callback=visible_name, help=localize(mark("Who receives the package (public)."))
        ),
    ] = ""
    controller_after: Annotated[
        str,
        typer.Option(
            "--controller-after",
            callback=visible_name,
            help=localize(mark("Who answers for the records afterwards (public).")),
        ),
    ] = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class VolumeOptions:
    """Into which volumes a large export is cut."""

    volume_size: Annotated[
        str,
        typer.Option(
            "--volume-size",
            help=localize(mark("Cut into volumes of at most this size: 700MB, 4GiB; 0 never.")),
        ),
    ] = "4GiB"  # it stays below, so that a DVD and a FAT disk take it
    by_retention_year: Annotated[
        bool,
        typer.Option(
            "--by-retention-year",
            help=localize(mark("Give each year in which retention ends volumes of its own.")),
        ),
    ] = False

    def limit(self) -> int:
        """Return the size of a volume in bytes, 0 for none.

        Raises:
            BadParameter: when it is no size, or too small.
        """
        from archiver.assembly.request import MIN_VOLUME_BYTES

        return bytes_of(self.volume_size, least=MIN_VOLUME_BYTES, option="--volume-size")
