"""What was done, found and planned (`procedurelog`), and what was written about it (`procnote`)."""

from __future__ import annotations

from collections.abc import Iterator

from formats.findings import Severity
from formats.mapping import tooth_notations as teeth
from formats.model.care import Act, ActStatus, Note, NoteKind
from formats.model.health import Diagnosis
from formats.model.mouth import Surface
from formats.opendental import codes
from formats.opendental.codes import Area
from formats.opendental.database.row import Row
from formats.opendental.joins.lookup_context import ListEntry, LookupContext
from formats.opendental.joins.merge_join import JoinedRow, Yielded
from formats.opendental.records.mouth import many_teeth, one_tooth
from formats.words import mark

_AREAS = frozenset({Area.QUADRANT, Area.SEXTANT, Area.ARCH})
_ICD = ("DiagnosticCode", "DiagnosticCode2", "DiagnosticCode3", "DiagnosticCode4")
_MODIFIERS = ("CodeMod1", "CodeMod2", "CodeMod3", "CodeMod4")


def act(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``procedurelog``: an act and its diagnoses; ``fee_cents`` is its whole fee, the price times the quantity.

    A planned act has no date of performance: what its row holds is when it was planned. One that was struck
    out is no reason to believe its diagnoses: they stay in its row.
    """
    row = joined.row
    status = codes.ACT_STATUS.get(row.number("ProcStatus"))
    if status is None:
        _unknown_status(row)
        return
    listed = _listed(row, context)
    surfaces, area = _where(row, listed.area)
    quantity = max(1, row.number("UnitQty") + row.number("BaseUnits"))
    made = Act(
        id=context.id("procedurelog", row.key),
        patient=context.patient(joined.patient),
        status=status,
        performed_on=None if status is ActStatus.PLANNED else row.day("ProcDate"),
        practitioner=context.practitioner(row, "ProvNum", expected=True),
        code_system=listed.system,
        code=listed.code,
        label=listed.label,
        teeth=_teeth(row),
        surfaces=surfaces,
        area=area,
        modifiers=tuple(modifier for column in _MODIFIERS if (modifier := row.text(column))),
        quantity=quantity,
        fee_cents=row.cents("ProcFee") * quantity,
        diagnosis=context.definition(row, "Dx") or row.text("DiagnosticCode"),
        note="\n".join(note for column in ("BillingNote", "ClaimNote") if (note := row.text(column))),
        appointment=_appointment(row, context, joined.patient),
    )
    yield made
    context.remember("procedurelog", row.key, joined.patient)
    if status is not ActStatus.CANCELLED:
        yield from _diagnoses(row, made, context)


def _diagnoses(row: Row, made: Act, context: LookupContext) -> Iterator[Diagnosis]:
    """Yield the diagnosis chosen from the practice's list, then the ICD codes, on the teeth of the act."""
    chosen = context.definition(row, "Dx")
    found = [("Dx", "", "", chosen)] if chosen else []
    found += [(column, _icd_system(row), code, "") for column in _ICD if (code := row.text(column))]
    for column, system, code, label in found:
        yield Diagnosis(
            id=context.id("procedurelog", f"{row.key}/{column}"),
            patient=made.patient,
            code_system=system,
            code=code,
            label=label,
            teeth=made.teeth,
            surfaces=made.surfaces,
            act=made.id,
            principal=column == _ICD[0] and bool(row.number("IsPrincDiag")),
            recorded_on=row.day("SecDateEntry") or row.day("DateEntryC"),
            practitioner=made.practitioner,
        )


def _icd_system(row: Row) -> str:
    """Return the code system of the codes of a row; 0 states none, and a version nobody knows is noticed."""
    version = row.number("IcdVersion")
    if version and version not in codes.ICD_SYSTEMS:
        row.notice(
            Severity.WARNING,
            "opendental-icd-version-unknown",
            mark("IcdVersion is {version}, which is no version of ICD; the diagnosis keeps its code alone."),
            version=version,
        )
    return codes.ICD_SYSTEMS.get(version, "")


def _unknown_status(row: Row) -> None:
    row.notice(
        Severity.ERROR,
        "opendental-act-status-unknown",
        mark(
            "Status {status} of an act is not known; the act travels as it stands and is shown nowhere else."
        ),
        status=row.number("ProcStatus"),
    )


def _listed(row: Row, context: LookupContext) -> ListEntry:
    listed = context.acts.get(row.number("CodeNum"))
    if listed is not None:
        return listed
    row.notice(
        Severity.WARNING,
        "opendental-code-unknown",
        mark("The act has entry {number} of the price list, which is not in the database."),
        number=row.number("CodeNum"),
    )
    code = row.text("OldCode")
    return ListEntry(label="", code=code, system=codes.code_system(code) if code else "")


def _teeth(row: Row) -> tuple[str, ...]:
    tooth = one_tooth(row, "ToothNum")
    return (tooth,) if tooth else many_teeth(row, "ToothRange")


def _where(row: Row, area: int) -> tuple[tuple[Surface, ...], str]:
    """Return surfaces or a larger region; « L » is lingual on a tooth and the lower arch elsewhere."""
    written = row.text("Surf")
    if not written:
        return (), ""
    elsewhere = not row.text("ToothNum") and area in {Area.NONE, Area.MOUTH}
    if area in _AREAS or (elsewhere and teeth.is_area(written)):
        return (), written
    return read_surfaces(row, written), ""


def read_surfaces(row: Row, written: str) -> tuple[Surface, ...]:
    """Return the surfaces of ``written``; letters that are none are noticed."""
    found, unknown = teeth.parse_surfaces(written)
    if unknown:
        row.notice(
            Severity.WARNING,
            "opendental-surface-unknown",
            mark("“{surfaces}” holds letters that are no tooth surface: {unknown}."),
            surfaces=written[:60],
            unknown=unknown[:60],
        )
    return found


def _appointment(row: Row, context: LookupContext, patient: int) -> str | None:
    column = "AptNum" if row.number("AptNum") else "PlannedAptNum"
    return context.reference(row, column, "appointment", patient)


def act_note(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``procnote``: every note of an act ever written; the software only adds, never changes."""
    row = joined.row
    written = row.text("Note")
    if not written and not row.text("Signature"):
        return
    practitioner, author = context.author(row)
    yield Note(
        id=context.id("procnote", row.key),
        patient=context.patient(joined.patient),
        note=NoteKind.CLINICAL,
        text=written,
        written_at=row.moment("EntryDateTime"),
        practitioner=practitioner,
        author=author,
        act=context.reference(row, "ProcNum", "procedurelog", joined.patient),
        signed=bool(row.text("Signature")),
    )
