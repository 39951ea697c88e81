"""``archiver inspect`` and ``archiver import``: read a package, take it into a practice, take that back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.groups import taking_groups
from archiver.cli.options.keys import KeySources
from archiver.cli.options.output import AsJson, OutputOptions
from archiver.cli.options.register_entries import Author, StorePath
from archiver.cli.options.trust import OpeningOptions
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.names import visible_name
from archiver.cli.terminal.usage_errors import SayHow
from formats.words import mark

Package = Annotated[Path, typer.Argument(help=localize(mark("The package.")))]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChoiceOptions:
    """Whose dossiers of a package come in, and what of each; the rest is left aside, and can come later."""

    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            help=localize(mark("Only this patient (number or name), or those of this list.")),
        ),
    ] = None
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind",
            help=localize(mark("Only this kind of record (acts, documents …), and the medical history.")),
        ),
    ] = None
    since: Annotated[
        str, typer.Option("--since", help=localize(mark("Leave aside what is dated before this day.")))
    ] = ""
    until: Annotated[
        str, typer.Option("--until", help=localize(mark("Leave aside what is dated after this day.")))
    ] = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviewOptions:
    """Whether only what an import would bring is shown, and where it is written.

    Raises:
        SayHow: when a place is named for what nobody asked for.
    """

    preview: Annotated[
        bool, typer.Option("--preview", help=localize(mark("Only show what would come in; keep nothing.")))
    ] = False
    page: Annotated[
        Path | None,
        typer.Option("--page", help=localize(mark("Where to write the preview for a browser (HTML)."))),
    ] = None
    list: Annotated[
        Path | None,
        typer.Option("--list", help=localize(mark("Where to write the preview for a spreadsheet (CSV)."))),
    ] = None

    def __post_init__(self) -> None:
        if not self.preview and (self.page or self.list):
            raise SayHow(mark("--page and --list show what an import would bring: add --preview"))


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    program.command("inspect", help=localize(mark("List the patients of a package, with your key.")))(
        taking_groups(inspect)
    )
    program.command("import", help=localize(mark("Take the dossiers of a package into a practice.")))(
        taking_groups(import_)
    )

    program.command("import list", help=localize(mark("List the imports, and which can be taken back.")))(
        list_imports
    )
    program.command(
        "import undo", help=localize(mark("Take one import back: the practice is as before it."))
    )(undo)


def inspect(*, package: Package, keys: KeySources, trust: OpeningOptions, output: OutputOptions) -> None:
    from archiver.cli.run import inspect as inspection

    inspection.inspect(inspection.opening_of(package, keys, trust), output)


def import_(
    *,
    package: Package,
    into: Annotated[
        Path,
        typer.Option(
            "--into",
            help=localize(mark("The practice store; made if it is not there.")),
        ),
    ],
    keys: KeySources,
    practice: Annotated[
        str,
        typer.Option(
            "--practice",
            callback=visible_name,
            help=localize(mark("Your practice, for a store that does not say whose it is.")),
        ),
    ] = "",
    receipt: Annotated[
        Path | None,
        typer.Option(
            "--receipt", help=localize(mark("Where to write the receipt (JSON, and a .txt beside it)."))
        ),
    ] = None,
    choice: ChoiceOptions,
    preview: PreviewOptions,
    trust: OpeningOptions,
    output: OutputOptions,
) -> int:
    from archiver.cli.run import import_ as importation, inspect as inspection

    if preview.preview and receipt is not None:
        raise SayHow(
            mark("A preview takes nothing in, so there is nothing to receipt: --preview or --receipt")
        )
    chosen = importation.chooser(choice)
    opening = inspection.opening_of(package, keys, trust)
    if preview.preview:
        from archiver.cli.run.imports import preview as previewing

        return previewing.preview(into, opening, chosen, preview, output, own=practice)
    return importation.receive_into(into, opening, chosen, own=practice, receipt_at=receipt, output=output)


def list_imports(*, store: StorePath, as_json: AsJson = False) -> None:
    from archiver.cli.run.imports import undo as undoing

    undoing.show(store, as_json=as_json)


def undo(
    *,
    store: StorePath,
    import_number: Annotated[
        int | None,
        typer.Argument(
            help=localize(mark("The number of the import, from the list; without it, the latest."))
        ),
    ] = None,
    by: Author,
    later: Annotated[
        bool,
        typer.Option(
            "--later",
            help=localize(mark("First take back what came later and builds on it: imports, answers, holds.")),
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=localize(mark("Only say what would go; nothing is changed.")))
    ] = False,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.imports import undo as undoing

    undoing.undo(store, import_number, by=by, later=later, dry_run=dry_run, as_json=as_json)
