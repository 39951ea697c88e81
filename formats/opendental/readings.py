"""Which tables become records, and in which order, so that references point backwards."""

from __future__ import annotations

from formats.opendental.joins.merge_join import Child, TableMapping
from formats.opendental.records.acts import act, act_note
from formats.opendental.records.agenda import appointment, prescription, recall
from formats.opendental.records.coverage import coverage
from formats.opendental.records.devices import lab_case
from formats.opendental.records.history import allergy, disease, medication
from formats.opendental.records.logs import access, call, popup
from formats.opendental.records.money import adjustment, claim, part_alone, payment
from formats.opendental.records.mouth import chart_entry, perio_exam
from formats.opendental.records.observations import (
    electronic_laboratory,
    laboratory_panel,
    medical_laboratory,
    vital_signs,
)
from formats.opendental.records.papers import Papers, mount
from formats.opendental.records.people import guardian, patient, patient_link, patient_note
from formats.opendental.records.plans import plan
from formats.opendental.records.sheets import sheet

PRACTICE_TABLES = (
    "provider",
    "userod",
    "preference",
    "definition",
    "clinic",
    "site",
    "operatory",
    "appointmenttype",
    "employee",
    "procedurecode",
    "feesched",
    "fee",
    "recalltype",
    "diseasedef",
    "allergydef",
    "medication",
    "patfielddef",
    "pharmacy",
    "laboratory",
    "carrier",
    "insfilingcode",
    "insplan",
    "employer",
    "claimpayment",
    "tasklist",
    "mountdef",
)
"""Tables of the practice as a whole that rows of patients point to; they travel verbatim."""


_HEALTH = (
    TableMapping(table="disease", read=disease),
    TableMapping(table="allergy", read=allergy),
    TableMapping(table="medicationpat", read=medication),
    TableMapping(table="vitalsign", read=vital_signs),
    TableMapping(
        table="medlab",
        read=medical_laboratory,
        children=(Child(table="medlabresult", column="MedLabNum", dissolves=False),),
    ),
    TableMapping(
        table="labpanel",
        read=laboratory_panel,
        children=(Child(table="labresult", column="LabPanelNum", dissolves=False),),
    ),
    TableMapping(
        table="ehrlab",
        read=electronic_laboratory,
        children=(Child(table="ehrlabresult", column="EhrLabNum", dissolves=False),),
    ),
)
"""What tells of the body: medical history, vital signs, biology."""


def readings(papers: Papers) -> tuple[TableMapping, ...]:
    """Return how every understood table is read, patients first."""
    return (
        TableMapping(
            table="patient",
            read=patient,
            children=(Child(table="patfield", column="PatNum", dissolves=False),),
        ),
        TableMapping(table="patientnote", read=patient_note),
        TableMapping(table="guardian", read=guardian),
        TableMapping(
            table="inssub",
            read=coverage,
            children=(Child(table="patplan", column="InsSubNum", dissolves=False),),
        ),
        *_HEALTH,
        TableMapping(table="toothinitial", read=chart_entry),
        TableMapping(
            table="perioexam", read=perio_exam, children=(Child(table="periomeasure", column="PerioExamNum"),)
        ),
        TableMapping(table="appointment", read=appointment),
        TableMapping(table="labcase", read=lab_case),
        TableMapping(table="procedurelog", read=act),
        TableMapping(table="procnote", read=act_note),
        TableMapping(table="commlog", read=call),
        TableMapping(table="popup", read=popup),
        TableMapping(table="document", read=papers),
        TableMapping(
            table="mount",
            read=mount,
            children=(Child(table="mountitem", column="MountNum", dissolves=False),),
        ),
        TableMapping(table="sheet", read=sheet, children=(Child(table="sheetfield", column="SheetNum"),)),
        TableMapping(
            table="treatplan",
            read=plan,
            children=(
                Child(table="treatplanattach", column="TreatPlanNum"),
                Child(table="proctp", column="TreatPlanNum"),
            ),
        ),
        TableMapping(table="rxpat", read=prescription),
        TableMapping(table="recall", read=recall),
        TableMapping(table="claim", read=claim, children=(Child(table="claimproc", column="ClaimNum"),)),
        TableMapping(
            table="payment",
            read=payment,
            children=(Child(table="paysplit", column="PayNum", dissolves=False, alone=part_alone),),
        ),
        TableMapping(table="adjustment", read=adjustment),
        TableMapping(table="patientlink", read=patient_link),
        TableMapping(table="securitylog", read=access),
    )
