"""The mouth: the chart (`toothinitial`) and periodontal exams (`perioexam`, `periomeasure`)."""

from __future__ import annotations

from collections.abc import Iterator

from formats.findings import Severity
from formats.mapping import tooth_notations as teeth
from formats.model.dates import without_time
from formats.model.mouth import ChartFinding, ChartKind, PerioExam, PerioKind, PerioMeasure, PerioSite
from formats.opendental import codes
from formats.opendental.codes import Sequence
from formats.opendental.database.row import Row
from formats.opendental.joins.lookup_context import LookupContext
from formats.opendental.joins.merge_join import JoinedRow, Yielded
from formats.words import mark


def one_tooth(row: Row, column: str) -> str:
    """Return the FDI number of the tooth in ``column``; an impossible one gives none and a notice."""
    written = row.text(column)
    found = teeth.fdi(written)
    if written and not found:
        unknown_tooth(row, column, written)
    return found


def unknown_tooth(row: Row, column: str, written: str) -> None:
    """Notice a tooth that does not exist."""
    row.notice(
        Severity.WARNING,
        "opendental-tooth-unknown",
        mark("{column} holds “{tooth}”, which is no tooth; the tooth is left open."),
        column=column,
        tooth=written[:60],
    )


def many_teeth(row: Row, column: str) -> tuple[str, ...]:
    """Return the FDI numbers of a list of teeth in ``column``; words that are no tooth are noticed."""
    found, unknown = teeth.parse_teeth(row.text(column))
    if unknown:
        unknown_tooth(row, column, ", ".join(unknown))
    return found


def chart_entry(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``toothinitial``: a tooth missing, hidden, primary or moved, a drawing, a word on the chart."""
    row = joined.row
    kind = row.number("InitialType")
    movement = codes.MOVEMENT.get(kind, "")
    entered = row.moment("SecDateTEntry")
    yield ChartFinding(
        id=context.id("toothinitial", row.key),
        patient=context.patient(joined.patient),
        finding=codes.CHART_KIND.get(kind, ChartKind.OTHER),
        tooth=one_tooth(row, "ToothNum"),
        code=movement or ("" if kind in codes.CHART_KIND else str(kind)),
        value=row.real("Movement") if movement else None,
        text=row.text("DrawingSegment") or row.text("DrawText"),
        recorded_on=without_time(entered) if entered else None,
    )


def perio_exam(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``perioexam`` with its ``periomeasure`` rows: one exam with every value that was measured."""
    row = joined.row
    yield PerioExam(
        id=context.id("perioexam", row.key),
        patient=context.patient(joined.patient),
        examined_on=row.day("ExamDate"),
        practitioner=context.practitioner(row, "ProvNum", expected=True),
        note=row.text("Note"),
        measures=tuple(value for measure in joined.of("periomeasure") for value in _measures(measure)),
    )


def _measures(row: Row) -> Iterator[PerioMeasure]:
    tooth = one_tooth(row, "IntTooth")
    kind = row.number("SequenceType")
    if not tooth or kind not in set(Sequence):
        row.notice(
            Severity.WARNING,
            "opendental-measure-unknown",
            mark(
                "A periodontal measure of kind {kind} on tooth “{tooth}” is not understood; "
                "it travels as it stands."
            ),
            kind=kind,
            tooth=row.text("IntTooth"),
        )
        return
    for column, site in codes.PERIO_SITES.items():
        if column in row.cells and (value := row.number(column)) != codes.NOT_MEASURED:
            yield from _values(tooth, Sequence(kind), site, value)


def _values(tooth: str, kind: Sequence, site: PerioSite, value: int) -> Iterator[PerioMeasure]:
    """Yield what one cell says; a cell of flags says as much as it has bits set."""
    if kind is Sequence.FLAGS:
        for flag in codes.flags(value):
            yield _measure(tooth, flag, site, 1)
    else:
        yield _measure(
            tooth, codes.PERIO_KIND[kind], site, codes.margin(value) if kind is Sequence.MARGIN else value
        )


def _measure(tooth: str, measure: PerioKind, site: PerioSite, value: int) -> PerioMeasure:
    return PerioMeasure(tooth=tooth, measure=measure, site=site, value=value)
