"""What an export takes and for whom, as options: whose dossiers, on what ground, cut how."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archiver.cli.options.register_entries import kinds_of
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.names import visible_name
from archiver.cli.terminal.sizes import bytes_of
from archiver.cli.terminal.usage_errors import SayHow
from archiver.scope.legal_ground import LegalGround
from archiver.scope.situations import SITUATIONS, WHOLE, Controller, Inclusion, SituationCode
from formats.words import mark

if TYPE_CHECKING:
    from archiver.compliance.redaction import Selection


class GoneChoice(StrEnum):
    """What becomes of records that the source does not have any more."""

    KEEP = "keep"
    LEAVE_OUT = "leave-out"


WithoutLost = Annotated[
    bool,
    typer.Option(
        "--without-lost",
        help=localize(
            mark("Seal dossiers without the files that the store lost; each is named in its dossier.")
        ),
    ),
]
Unsigned = Annotated[
    str,
    typer.Option(
        "--unsigned",
        callback=visible_name,
        help=localize(mark("Why a roster that not everybody signed is followed (goes into the package).")),
    ),
]


@dataclass(frozen=True, kw_only=True, slots=True)
class LeavingOptions:
    """Whose dossiers are exported, and which of them are under a hold.

    Raises:
        BadParameter, SayHow: when it is neither a roster nor everybody, or both, or not what the situation takes.
    """

    situation: Annotated[
        SituationCode | None,
        typer.Option(
            "--situation",
            help=localize(mark("In which situation they leave: gives the ground and what goes with it.")),
        ),
    ] = None
    practitioner: Annotated[
        str,
        typer.Option("--practitioner", help=localize(mark("With whom the patients leave: RPPS or name."))),
    ] = ""
    roster: Annotated[
        Path | None,
        typer.Option(
            "--roster", help=localize(mark("The list of the patients who leave (CSV or a workbook)."))
        ),
    ] = None
    hold: Annotated[
        Path | None,
        typer.Option(
            "--hold",
            help=localize(
                mark("The list of the patients under a hold: a claim, a judge (CSV or a workbook).")
            ),
        ),
    ] = None
    unsigned: Unsigned = ""
    request: Annotated[
        int | None,
        typer.Option(
            "--request", help=localize(mark("The access request that is answered: its number in the list."))
        ),
    ] = None
    gone: Annotated[
        GoneChoice | None,
        typer.Option(
            "--gone",
            help=localize(mark("What becomes of records that the software of the practice has no more.")),
        ),
    ] = None
    without_lost: WithoutLost = False
    everybody: Annotated[
        bool, typer.Option("--all", help=localize(mark("Take every patient and the practice as a whole.")))
    ] = False

    def __post_init__(self) -> None:
        self._require_inclusion()
        if self.everybody and self.roster is not None:
            raise SayHow(localize(mark("--roster and --all exclude each other: give one of them")))
        if self.roster is None and not self.whole_practice and self.request is None:
            raise SayHow(localize(mark("Give --roster or --all")))
        if self.everybody and self.unsigned:
            raise SayHow(localize(mark("--unsigned speaks of a roster, and --all takes everybody")))
        if self.everybody and self.practitioner:
            raise typer.BadParameter(
                localize(mark("with --all everybody leaves")), param_hint="--practitioner"
            )

    @property
    def whole_practice(self) -> bool:
        """Whether every patient leaves, because it is said or because the situation takes everybody."""
        inclusion = SITUATIONS[self.situation].inclusion if self.situation else None
        return self.everybody or inclusion in WHOLE

    def require_one_package(self, paperwork: Path | None) -> None:
        """Refuse documents about a package where each person has one."""
        if paperwork and self.situation and SITUATIONS[self.situation].inclusion is Inclusion.EACH:
            sentence = mark("{situation} seals a package for each person: no --paperwork")
            raise SayHow(localize(sentence, situation=self.situation.value))

    def require_redaction(self, *, stated: bool) -> None:
        """Refuse to withhold by choice (``stated``) but from whoever asked for a dossier."""
        if stated and self.request is None:
            sentence = mark("--only, --whole, --without and --with-note answer a request: give --request")
            raise SayHow(localize(sentence))

    def _require_inclusion(self) -> None:
        """Refuse a roster where everybody leaves, everybody where a roster says who, either where one patient asks."""
        inclusion = SITUATIONS[self.situation].inclusion if self.situation else None
        if (inclusion is Inclusion.REQUEST) != (self.request is not None):
            raise SayHow(
                localize(
                    mark(
                        "An access request (--request) is answered in the situation patient, and that one needs it"
                    )
                )
            )
        if self.request is not None and (self.everybody or self.roster or self.hold or self.practitioner):
            raise SayHow(localize(mark("--request says whose dossier it is: no other option does")))
        if inclusion in WHOLE and self.roster is not None:
            raise SayHow(
                localize(mark("{situation} takes everybody: no --roster"), situation=str(self.situation))
            )
        if inclusion is Inclusion.ROSTER and self.roster is None:
            raise SayHow(localize(mark("{situation} needs --roster"), situation=str(self.situation)))


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnKeyOptions:
    """Whether whoever leaves can open the package too."""

    own_key: Annotated[
        bool | None,
        typer.Option(
            "--open-with-own-key/--no-own-key",
            help=localize(mark("Whether receiver.recipient beside your signing key opens it too.")),
        ),
    ] = None


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

    def ground_in(self, situation: SituationCode | None) -> LegalGround:
        """Return the legal ground: that of ``situation``, where there is one.

        Raises:
            SayHow: when another one is stated, or nobody is named who answers for the dossiers afterwards.
        """
        if situation is None:
            return self.ground
        one = SITUATIONS[situation]
        if self.ground not in {LegalGround.NOT_STATED, one.ground}:
            raise SayHow(
                localize(mark("{situation} has a ground of its own: no --ground"), situation=situation.value)
            )
        if one.controller is not Controller.UNCHANGED and not (self.receiver or self.controller_after):
            sentence = mark(
                "In {situation} somebody else answers for the dossiers afterwards: give --receiver"
            )
            raise SayHow(localize(sentence, situation=situation.value))
        return one.ground


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

    def by_year(self, situation: SituationCode | None) -> bool:
        """Return whether each year has volumes of its own, because it is said or the situation cuts so."""
        return self.by_retention_year or (situation is not None and SITUATIONS[situation].by_year)

    def limit(self) -> int:
        """Return the size of a volume in bytes, 0 for none.

        Raises:
            BadParameter: when it is no size, or too small.
        """
        from archiver.assembly.request import least_volume_bytes

        return bytes_of(self.volume_size, least=least_volume_bytes(), option="--volume-size")


@dataclass(frozen=True, kw_only=True, slots=True)
class RedactionOptions:
    """Which kinds and records are handed over, and that an heir needs all of them."""

    only: Annotated[
        list[str] | None,
        typer.Option("--only", help=localize(mark("Only this kind of record, such as acts or documents."))),
    ] = None
    whole: Annotated[
        bool, typer.Option("--whole", help=localize(mark("The purpose of an heir needs all of it.")))
    ] = False
    without: Annotated[
        list[str] | None,
        typer.Option("--without", help=localize(mark("Leave out this record, by its identity."))),
    ] = None
    note: Annotated[
        list[str] | None,
        typer.Option("--with-note", help=localize(mark("This personal note served care: hand it over."))),
    ] = None

    @property
    def stated(self) -> bool:
        """Whether any of them is given."""
        return bool(self.only or self.whole or self.without or self.note)

    def selection(self) -> Selection:
        """Return what a person decided.

        Raises:
            BadParameter: when there is no such kind of record.
        """
        from archiver.compliance.redaction import Selection

        return Selection(
            only=frozenset(kinds_of(self.only or (), "--only")),
            without=frozenset(self.without or ()),
            notes=frozenset(self.note or ()),
        )
