"""Activities of a dental practice that its store shows, as the register of processing lists them (GDPR article 30).

What each is for and on what basis follows the reference framework of the CNIL for health practices (decision 2020-081
of 18 June 2020); the basis is the controller's to confirm. What no record shows (staff, suppliers, cameras, a website)
is not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from archiver.compliance.retention_rules import RULES, Rule
from formats.words import mark


class Activity(StrEnum):
    """An activity, by the code it has in the register."""

    CARE = "care"
    APPOINTMENTS = "appointments"
    BILLING = "billing"
    HANDOVER = "handover"
    REQUESTS = "requests"


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityEntry:
    """What the register says of an activity; ``kinds`` are the tables whose rows show that there is one.

    ``sensitive`` is the exception of article 9(2) by which health data may be processed, ``retention`` how long
    something is kept, with where that stands.
    """

    name: str
    kinds: tuple[str, ...]
    purposes: tuple[str, ...]
    basis: str
    sensitive: str
    recipients: tuple[str, ...]
    retention: tuple[tuple[str, str], ...]


LEGAL_OBLIGATION = mark("article 6(1)(c): legal obligation")
IN_CARE = mark("article 9(2)(h): care")
STAFF = mark("practitioners and staff of the practice, as far as their tasks ask for it")
AS_LONG_AS_DOSSIER = (mark("as long as the dossier of the patient"), "")
DOSSIER_TERMS = (
    *(RULES[rule] for rule in (Rule.AFTER_CARE, Rule.UNTIL_28, Rule.AFTER_DEATH)),
    (
        mark(
            "thirty years from care given before 5 March 2002, until the 48th birthday of who was then a minor"
        ),
        RULES[Rule.BEFORE_2002][1],
    ),
    *(RULES[rule] for rule in (Rule.CONSOLIDATION, Rule.SUSPENSION)),
    (mark("later, where the practice decided so for a dossier, with its reason"), ""),
)
"""How long a dossier is kept, as ``archiver.compliance.retention`` computes it."""
_CARE_KINDS = (
    *("patients", "related_persons", "health_statements", "questionnaires", "observations", "chart_findings"),
    *("perio_exams", "acts", "diagnoses", "notes", "treatment_plans", "prescriptions", "devices"),
    *("lab_orders", "documents", "image_studies", "image_files", "consents", "recalls"),
)

ACTIVITIES = {
    Activity.CARE: ActivityEntry(
        name=mark("Care of patients, and their dossiers"),
        kinds=_CARE_KINDS,
        purposes=(
            mark("prevention, diagnosis, treatment and follow-up"),
            mark("keeping the dossier, images and documents included"),
            mark("continuity of care with other professionals"),
        ),
        basis=LEGAL_OBLIGATION,
        sensitive=IN_CARE,
        recipients=(
            STAFF,
            mark("professionals who take part in the care (CSP L1110-4)"),
            mark("the patient, and whoever may ask for the dossier (CSP L1111-7)"),
        ),
        retention=DOSSIER_TERMS,
    ),
    Activity.APPOINTMENTS: ActivityEntry(
        name=mark("Appointments"),
        kinds=("appointments",),
        purposes=(mark("the diary of the practitioners"),),
        basis=mark("article 6(1)(f): legitimate interest"),
        sensitive=IN_CARE,
        recipients=(STAFF,),
        retention=(AS_LONG_AS_DOSSIER,),
    ),
    Activity.BILLING: ActivityEntry(
        name=mark("Quotes, fees and reimbursement"),
        kinds=("coverages", "quotes", "invoices", "payments", "adjustments"),
        purposes=(
            mark("quotes, fees and payments"),
            mark("reimbursement by health insurance"),
            mark("accounts of the practice"),
        ),
        basis=LEGAL_OBLIGATION,
        sensitive=IN_CARE,
        recipients=(
            mark("health insurance, compulsory and complementary, for what it reimburses"),
            STAFF,
        ),
        retention=((mark("duplicates of electronic care sheets: 90 days"), "CSS R161-47"),),
    ),
    Activity.HANDOVER: ActivityEntry(
        name=mark("Taking dossiers over, handing them over, archiving"),
        kinds=("imports", "handovers", "hosts"),
        purposes=(
            mark("continuity of care when a practitioner leaves or stops"),
            mark("keeping dossiers until their term"),
        ),
        basis=LEGAL_OBLIGATION,
        sensitive=IN_CARE,
        recipients=(
            mark("the practitioner who goes on with the care"),
            mark("the archive company or host, certified (HDS, CSP L1111-8)"),
        ),
        retention=(AS_LONG_AS_DOSSIER,),
    ),
    Activity.REQUESTS: ActivityEntry(
        name=mark("Requests of patients, and data breaches"),
        kinds=("access_requests", "breaches"),
        purposes=(
            mark("answering requests for access (CSP L1111-7, GDPR articles 12 to 22)"),
            mark("the register of breaches (GDPR article 33(5))"),
        ),
        basis=LEGAL_OBLIGATION,
        sensitive=IN_CARE,
        recipients=(
            mark("whoever asks, once their identity is checked"),
            mark("the CNIL, where a breach is notified"),
        ),
        retention=(),
    ),
}


class Measure(StrEnum):
    """A measure of security that this program takes, by itself."""

    SEALED = "sealed"
    SIGNED = "signed"
    DIGESTS = "digests"
    PRIVATE = "private"
    JOURNAL = "journal"
    IDENTITY = "identity"
    TERMS = "terms"


MEASURE_WORDS = {
    Measure.SEALED: mark(
        "each dossier that leaves in a package is encrypted with a key of its own (AES-256), and the keys for those "
        "who may open it (age)"
    ),
    Measure.SIGNED: mark("packages are signed: who reads one knows whose it is, and whether it was changed"),
    Measure.DIGESTS: mark(
        "documents and images are kept with their digest (SHA-256), compared when they leave"
    ),
    Measure.PRIVATE: mark("the store is readable by the account alone that owns it"),
    Measure.JOURNAL: mark("whatever changes the store is written in its journal"),
    Measure.IDENTITY: mark(
        "a dossier is handed over on request once somebody has checked who asks; what is about others is taken out"
    ),
    Measure.TERMS: mark("the end of retention is computed for each person, with its rule"),
}
