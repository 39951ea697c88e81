"""Names that tables and columns have in French and English programs, and what they are likely to hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from formats.model.care import ActStatus, AppointmentStatus, NoteKind


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownKind:
    """A kind of record: names of its tables, and by field names of its columns, all as ``formats.names.comparable``.

    ``decide`` are fields without which there is no such record and whose word a person has to decide, with the
    vocabulary.
    """

    tables: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...] = ()
    decide: Mapping[str, type[StrEnum]] = field(default_factory=dict)


DATES = ("DATE", "JOUR", "LE")
"""Beginnings of names of columns that hold the day of what their table is about."""

CLOCK_COLUMNS = ("HEURE", "TIME", "HORAIRE")
"""Beginnings of names of columns that hold the time of day beside a day."""
PRACTITIONER_COLUMNS = ("PRAT", "DENTISTE", "MEDECIN", "PROVIDER", "DOCTOR")
"""Beginnings of names of columns that hold the key of a practitioner."""

PATIENT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "traits.birth_family_name": (
        "NOMNAISS",
        "NOMDENAISSANCE",
        "NOMNAISSANCE",
        "NOMJF",
        "NOM",
        "LASTNAME",
        "LNAME",
    ),
    "traits.birth_given_names": ("PRENOMS", "PRENOM", "FIRSTNAME", "FNAME", "GIVENNAME"),
    "traits.used_family_name": ("NOMUSAGE", "NOMDUSAGE", "NOMMARITAL", "NOMEPOUSE", "NOMUSUEL"),
    "traits.birth_date": (
        "NAISSANCE",
        "DATENAISS",
        "DATENAISSANCE",
        "DATEDENAISSANCE",
        "DDN",
        "NELE",
        "BIRTHDATE",
        "DOB",
    ),
    "traits.sex": ("SEXE", "SEX", "GENDER"),
    "title": ("CIVILITE", "CIV", "TITLE"),
    "occupation": ("PROFESSION", "METIER", "OCCUPATION"),
    "first_visit": ("PREMVISITE", "PREMIEREVISITE", "FIRSTVISIT"),
    "deceased_on": ("DECES", "DATEDECES"),
}
"""Columns of patients, by field; the first that is there is taken."""
CONTACTS: Mapping[str, tuple[str, ...]] = {
    "phone": ("TEL", "TELEPHONE", "TEL1", "TELFIXE", "TELDOM", "PHONE"),
    "mobile": ("PORTABLE", "MOBILE", "TELPORTABLE", "GSM", "TEL2"),
    "email": ("MAIL", "EMAIL", "COURRIEL", "ADRESSEMAIL"),
}
ADDRESS: Mapping[str, tuple[str, ...]] = {
    "lines": ("ADRESSE", "ADRESSE1", "ADR1", "RUE", "ADDRESS", "ADRESSE2", "ADR2"),
    "postal_code": ("CP", "CODEPOSTAL", "POSTALCODE", "ZIP"),
    "city": ("VILLE", "COMMUNE", "CITY"),
}

KINDS: Mapping[str, KnownKind] = {
    "practitioners": KnownKind(
        tables=("PRATICIEN", "DENTISTE", "MEDECIN", "PROVIDER", "DOCTOR"),
        fields={
            "family_name": ("NOM", "LASTNAME", "LNAME"),
            "given_name": ("PRENOM", "FIRSTNAME", "FNAME"),
            "title": ("TITRE",),
        },
        needed=("family_name",),
    ),
    "acts": KnownKind(
        tables=("ACTE", "SOIN", "TRAITEMENT", "PROCEDURE"),
        fields={
            "performed_on": DATES,
            "code": ("CODE", "CODEACTE", "CCAM", "COTATION"),
            "label": ("LIBELLE", "DESIGNATION", "INTITULE", "LABEL"),
            "teeth": ("DENTS", "DENT", "NUMDENT", "TOOTH", "TEETH"),
            "surfaces": ("FACES", "FACE", "SURFACES"),
            "quantity": ("QTE", "QUANTITE", "QUANTITY"),
            "fee_cents": ("HONORAIRES", "HONORAIRE", "MONTANT", "PRIX", "FEE"),
            "note": ("NOTE", "COMMENTAIRE", "REMARQUE"),
        },
        decide={"status": ActStatus},
    ),
    "appointments": KnownKind(
        tables=("RDV", "RENDEZVOUS", "AGENDA", "APPOINTMENT"),
        fields={
            "starts_at": DATES,
            "minutes": ("DUREE", "MINUTES"),
            "room": ("FAUTEUIL", "SALLE"),
            "reason": ("MOTIF", "OBJET", "LIBELLE", "REASON"),
        },
        decide={"status": AppointmentStatus},
    ),
    "invoices": KnownKind(
        tables=("FACTURE", "INVOICE"),
        fields={"issued_on": DATES, "total_cents": ("TOTAL", "MONTANT", "MONTANTTOTAL")},
    ),
    "payments": KnownKind(
        tables=("PAIEMENT", "REGLEMENT", "ENCAISSEMENT", "PAYMENT"),
        fields={
            "paid_on": DATES,
            "amount_cents": ("MONTANT", "SOMME", "AMOUNT"),
            "method": ("MODE", "MODEPAIEMENT", "TYPE"),
        },
        needed=("amount_cents",),
    ),
    "prescriptions": KnownKind(
        tables=("ORDONNANCE", "PRESCRIPTION"),
        fields={
            "prescribed_on": DATES,
            "product": ("PRODUIT", "MEDICAMENT", "LIBELLE"),
            "directions": ("POSOLOGIE", "DIRECTIONS"),
            "quantity": ("QTE", "QUANTITE"),
        },
        needed=("product",),
    ),
    "documents": KnownKind(
        tables=("DOCUMENT", "COURRIER", "FICHIER", "PIECE"),
        fields={
            "title": ("TITRE", "LIBELLE", "INTITULE", "OBJET"),
            "category": ("TYPE", "CATEGORIE"),
            "created_at": DATES,
            "original_name": ("FICHIER", "CHEMIN", "NOMFICHIER", "FILENAME"),
        },
    ),
    "notes": KnownKind(
        tables=("NOTE", "OBSERVATION", "COMMENTAIRE", "MEMO"),
        fields={
            "text": ("TEXTE", "NOTE", "COMMENTAIRE", "OBSERVATION", "CONTENU"),
            "written_at": (*DATES, "HORODATE"),
        },
        needed=("text",),
        decide={"note": NoteKind},
    ),
}
"""Kinds that a table is taken for by its name."""
STATES = ("ETAT", "STATUT", "STATUS", "STATE", "TYPE", "PERSO")
"""Beginnings of names of columns that tell the state of what a row is, or its sort."""
KEYS = ("ID", "NUM", "NUMERO", "CODE", "CLE", "REF")
"""Beginnings of names of keys, the likeliest first."""
