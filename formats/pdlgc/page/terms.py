"""What the words of the model are called on the page, in French and English."""

from __future__ import annotations

from collections.abc import Mapping

from formats.model.care import CCAM_SYSTEM, ActStatus, AppointmentStatus, NoteKind, PlanStatus
from formats.model.health import HealthStatus, HealthTopic
from formats.model.identity import ContactKind, ContactUse, IdentifierType, InsStatus, Sex
from formats.model.imaging import ImageKind
from formats.model.money import InvoiceStatus
from formats.model.mouth import ChartKind, PerioKind, Surface
from formats.model.people import CoverageKind, MaritalStatus, PatientStatus, Relation, Role
from formats.pdlgc.page.markup import Words

IDENTIFIERS: Mapping[IdentifierType, Words] = {
    IdentifierType.INS: Words("INS", "INS"),
    IdentifierType.NIR: Words("NIR (sécurité sociale)", "NIR (social security)"),
    IdentifierType.LOCAL: Words("numéro interne", "internal number"),
    IdentifierType.CHART: Words("numéro de dossier", "chart number"),
    IdentifierType.RPPS: Words("RPPS", "RPPS"),
    IdentifierType.ADELI: Words("ADELI", "ADELI"),
    IdentifierType.FINESS: Words("FINESS", "FINESS"),
    IdentifierType.SIRET: Words("SIRET", "SIRET"),
    IdentifierType.MEMBER: Words("numéro d’adhérent", "member number"),
    IdentifierType.OTHER: Words("autre identifiant", "other identifier"),
}
INS_STATUSES: Mapping[InsStatus, Words] = {
    InsStatus.PROVISIONAL: Words("identité provisoire", "provisional identity"),
    InsStatus.VALIDATED: Words("identité validée", "validated identity"),
    InsStatus.RETRIEVED: Words("identité récupérée", "retrieved identity"),
    InsStatus.QUALIFIED: Words("identité qualifiée", "qualified identity"),
}
SEXES: Mapping[Sex, Words] = {
    Sex.MALE: Words("masculin", "male"),
    Sex.FEMALE: Words("féminin", "female"),
    Sex.OTHER: Words("autre", "other"),
    Sex.UNKNOWN: Words("inconnu", "unknown"),
}
CONTACTS: Mapping[ContactKind, Words] = {
    ContactKind.PHONE: Words("téléphone", "phone"),
    ContactKind.MOBILE: Words("mobile", "mobile"),
    ContactKind.FAX: Words("télécopie", "fax"),
    ContactKind.EMAIL: Words("courriel", "e-mail"),
    ContactKind.URL: Words("adresse web", "web address"),
}
USES: Mapping[ContactUse, Words] = {
    ContactUse.HOME: Words("domicile", "home"),
    ContactUse.WORK: Words("travail", "work"),
    ContactUse.OTHER: Words("autre", "other"),
}
ROLES: Mapping[Role, Words] = {
    Role.OWNER: Words("titulaire", "owner"),
    Role.PARTNER: Words("associé", "partner"),
    Role.COLLABORATOR: Words("collaborateur", "collaborator"),
    Role.REPLACEMENT: Words("remplaçant", "replacement"),
    Role.EMPLOYEE: Words("salarié", "employee"),
    Role.UNKNOWN: Words("rôle inconnu", "role unknown"),
}
PATIENT_STATUSES: Mapping[PatientStatus, Words] = {
    PatientStatus.ACTIVE: Words("actif", "active"),
    PatientStatus.INACTIVE: Words("inactif", "inactive"),
    PatientStatus.ARCHIVED: Words("archivé", "archived"),
    PatientStatus.PROSPECTIVE: Words("pas encore venu", "prospective"),
    PatientStatus.DECEASED: Words("décédé", "deceased"),
    PatientStatus.DELETED: Words("supprimé dans la source", "deleted in the source"),
    PatientStatus.OTHER: Words("autre", "other"),
}
MARITAL_STATUSES: Mapping[MaritalStatus, Words] = {
    MaritalStatus.NEVER_MARRIED: Words("célibataire", "never married"),
    MaritalStatus.MARRIED: Words("marié(e)", "married"),
    MaritalStatus.CIVIL_PARTNERSHIP: Words("pacsé(e)", "civil partnership (PACS)"),
    MaritalStatus.COMMON_LAW: Words("en concubinage", "common-law couple"),
    MaritalStatus.SEPARATED: Words("séparé(e)", "separated"),
    MaritalStatus.DIVORCED: Words("divorcé(e)", "divorced"),
    MaritalStatus.WIDOWED: Words("veuf, veuve", "widowed"),
}
RELATIONS: Mapping[Relation, Words] = {
    Relation.GUARDIAN: Words("représentant légal", "guardian"),
    Relation.PAYER: Words("payeur", "payer"),
    Relation.FAMILY: Words("famille", "family"),
    Relation.EMERGENCY: Words("à prévenir", "emergency contact"),
    Relation.OTHER: Words("autre", "other"),
}
COVERAGES: Mapping[CoverageKind, Words] = {
    CoverageKind.MANDATORY: Words("assurance obligatoire", "mandatory"),
    CoverageKind.COMPLEMENTARY: Words("complémentaire", "complementary"),
    CoverageKind.OTHER: Words("autre", "other"),
}
TOPICS: Mapping[HealthTopic, Words] = {
    HealthTopic.ALLERGY: Words("Allergies", "Allergies"),
    HealthTopic.CONDITION: Words("Maladies et antécédents", "Conditions"),
    HealthTopic.MEDICATION: Words("Traitements en cours", "Medication"),
    HealthTopic.ALERT: Words("Alertes", "Alerts"),
    HealthTopic.HABIT: Words("Habitudes (tabac, …)", "Habits (tobacco, …)"),
    HealthTopic.FAMILY: Words("Antécédents familiaux", "Family history"),
}
HEALTH_STATUSES: Mapping[HealthStatus, Words] = {
    HealthStatus.ACTIVE: Words("en cours", "active"),
    HealthStatus.RESOLVED: Words("résolu", "resolved"),
    HealthStatus.INACTIVE: Words("inactif", "inactive"),
    HealthStatus.UNKNOWN: Words("statut inconnu", "status unknown"),
}
ACT_STATUSES: Mapping[ActStatus, Words] = {
    ActStatus.PLANNED: Words("prévu", "planned"),
    ActStatus.DONE: Words("fait", "done"),
    ActStatus.EXISTING: Words("déjà présent", "existing"),
    ActStatus.EXISTING_ELSEWHERE: Words("fait ailleurs", "done elsewhere"),
    ActStatus.REFERRED: Words("adressé à un confrère", "referred"),
    ActStatus.CONDITION: Words("constat", "condition"),
    ActStatus.CANCELLED: Words("annulé", "cancelled"),
}
NOTES: Mapping[NoteKind, Words] = {
    NoteKind.CLINICAL: Words("clinique", "clinical"),
    NoteKind.ADMINISTRATIVE: Words("administrative", "administrative"),
    NoteKind.COMMUNICATION: Words("échange", "communication"),
    NoteKind.PERSONAL: Words("note personnelle", "personal note"),
}
PLAN_STATUSES: Mapping[PlanStatus, Words] = {
    PlanStatus.ACTIVE: Words("actif", "active"),
    PlanStatus.INACTIVE: Words("inactif", "inactive"),
    PlanStatus.SAVED: Words("enregistré", "saved"),
    PlanStatus.COMPLETED: Words("terminé", "completed"),
    PlanStatus.CANCELLED: Words("annulé", "cancelled"),
}
APPOINTMENTS: Mapping[AppointmentStatus, Words] = {
    AppointmentStatus.SCHEDULED: Words("prévu", "scheduled"),
    AppointmentStatus.COMPLETED: Words("honoré", "completed"),
    AppointmentStatus.BROKEN: Words("manqué", "broken"),
    AppointmentStatus.CANCELLED: Words("annulé", "cancelled"),
    AppointmentStatus.UNSCHEDULED: Words("à replacer", "unscheduled"),
    AppointmentStatus.PLANNED: Words("à prendre", "planned"),
    AppointmentStatus.OTHER: Words("autre", "other"),
}
CHART: Mapping[ChartKind, Words] = {
    ChartKind.MISSING: Words("absente", "missing"),
    ChartKind.HIDDEN: Words("masquée", "hidden"),
    ChartKind.PRIMARY: Words("dent temporaire", "primary tooth"),
    ChartKind.MOVEMENT: Words("déplacement", "movement"),
    ChartKind.DRAWING: Words("dessin", "drawing"),
    ChartKind.TEXT: Words("texte", "text"),
    ChartKind.CONDITION: Words("constat", "condition"),
    ChartKind.OTHER: Words("autre", "other"),
}
SURFACES: Mapping[Surface, Words] = {
    Surface.MESIAL: Words("mésiale", "mesial"),
    Surface.OCCLUSAL: Words("occlusale", "occlusal"),
    Surface.INCISAL: Words("incisive", "incisal"),
    Surface.DISTAL: Words("distale", "distal"),
    Surface.BUCCAL: Words("vestibulaire", "buccal"),
    Surface.LINGUAL: Words("linguale ou palatine", "lingual or palatal"),
    Surface.CERVICAL: Words("cervicale", "cervical"),
}
PERIO: Mapping[PerioKind, Words] = {
    PerioKind.PROBING: Words("Profondeur de sondage (mm)", "Probing depth (mm)"),
    PerioKind.GINGIVAL_MARGIN: Words("Bord gingival (mm)", "Gingival margin (mm)"),
    PerioKind.MUCOGINGIVAL_JUNCTION: Words("Ligne muco-gingivale (mm)", "Mucogingival junction (mm)"),
    PerioKind.ATTACHMENT_LEVEL: Words("Niveau d’attache (mm)", "Attachment level (mm)"),
    PerioKind.MOBILITY: Words("Mobilité (degré)", "Mobility (grade)"),
    PerioKind.FURCATION: Words("Furcation (degré)", "Furcation (grade)"),
    PerioKind.BLEEDING: Words("Saignement", "Bleeding"),
    PerioKind.SUPPURATION: Words("Suppuration", "Suppuration"),
    PerioKind.PLAQUE: Words("Plaque", "Plaque"),
    PerioKind.CALCULUS: Words("Tartre", "Calculus"),
    PerioKind.SKIPPED: Words("Non mesurée", "Skipped"),
}
INVOICES: Mapping[InvoiceStatus, Words] = {
    InvoiceStatus.DRAFT: Words("brouillon", "draft"),
    InvoiceStatus.SENT: Words("envoyée", "sent"),
    InvoiceStatus.SETTLED: Words("réglée", "settled"),
    InvoiceStatus.CANCELLED: Words("annulée", "cancelled"),
    InvoiceStatus.OTHER: Words("autre", "other"),
}
IMAGES: Mapping[ImageKind, Words] = {
    ImageKind.RADIOGRAPH: Words("radiographie", "radiograph"),
    ImageKind.PHOTOGRAPH: Words("photographie", "photograph"),
    ImageKind.SCAN_3D: Words("empreinte 3D", "3D scan"),
    ImageKind.OTHER: Words("autre", "other"),
}
SYSTEMS: Mapping[str, str] = {
    CCAM_SYSTEM: "CCAM",
    "http://snomed.info/sct": "SNOMED CT",
    "http://loinc.org": "LOINC",
    "http://hl7.org/fhir/sid/icd-10": "CIM-10 / ICD-10",
}
KINDS: Mapping[str, Words] = {
    "related_persons": Words("Personnes liées au patient", "Related persons"),
    "coverages": Words("Couvertures", "Coverages"),
    "health_statements": Words("Antécédents et état de santé", "Medical history"),
    "questionnaires": Words("Questionnaires", "Questionnaires"),
    "chart_findings": Words("Marques du schéma dentaire", "Dental chart marks"),
    "perio_exams": Words("Bilans parodontaux", "Periodontal examinations"),
    "appointments": Words("Rendez-vous", "Appointments"),
    "acts": Words("Actes", "Acts"),
    "notes": Words("Notes", "Notes"),
    "treatment_plans": Words("Plans de traitement", "Treatment plans"),
    "documents": Words("Documents", "Documents"),
    "quotes": Words("Devis", "Quotes"),
    "prescriptions": Words("Prescriptions", "Prescriptions"),
    "recalls": Words("Rappels", "Recalls"),
    "invoices": Words("Factures", "Invoices"),
    "payments": Words("Paiements", "Payments"),
    "adjustments": Words("Corrections de compte", "Adjustments"),
    "image_studies": Words("Examens d’imagerie (DICOM)", "Imaging studies (DICOM)"),
    "image_files": Words("Images (autres formats)", "Images (other formats)"),
    "consents": Words("Consentements", "Consents"),
    "access_events": Words("Accès au dossier", "Access to the dossier"),
    "source_rows": Words("Lignes de la source", "Source rows"),
}
