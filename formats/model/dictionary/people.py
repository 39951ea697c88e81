"""The practice, practitioners, the patient, related persons, insurances."""

from __future__ import annotations

from formats.model.dictionary.entry import Codes, FieldEntry, Fields, Privacy
from formats.model.dictionary.notations import CURRENCY, IANA_ZONE, RNIV, UUID
from formats.model.people import (
    Coverage,
    CoverageKind,
    Engagement,
    MaritalStatus,
    Patient,
    PatientStatus,
    Practice,
    Practitioner,
    RelatedPerson,
    Relation,
    Role,
)
from formats.words import Words, mark

FIELDS: Fields = {
    Practice: {
        "name": FieldEntry(
            Words("Cabinet", "Practice"), mark("Name of the practice."), Privacy.ADMINISTRATIVE
        ),
        "identifiers": FieldEntry(
            Words("Identifiants", "Identifiers"),
            mark("Identifiers of the practice and of the legal person behind it."),
            Privacy.ADMINISTRATIVE,
        ),
        "legal_form": FieldEntry(
            Words("Forme juridique", "Legal form"),
            mark("Legal form of the practice."),
            Privacy.ADMINISTRATIVE,
        ),
        "addresses": FieldEntry(
            Words("Adresses", "Addresses"), mark("Postal addresses of the practice."), Privacy.ADMINISTRATIVE
        ),
        "contacts": FieldEntry(
            Words("Contacts", "Contacts"), mark("Ways to reach the practice."), Privacy.ADMINISTRATIVE
        ),
        "time_zone": FieldEntry(
            Words("Fuseau horaire", "Time zone"),
            mark("Time zone on whose clock the practice works."),
            Privacy.ADMINISTRATIVE,
            codes=IANA_ZONE,
        ),
        "currency": FieldEntry(
            Words("Monnaie", "Currency"),
            mark("Currency of all amounts."),
            Privacy.ADMINISTRATIVE,
            codes=CURRENCY,
        ),
    },
    Engagement: {
        "role": FieldEntry(
            Words("Rôle", "Role"), mark("How the practitioner works in the practice."), Privacy.ADMINISTRATIVE
        ),
        "start": FieldEntry(Words("Début", "Start"), mark("First day in the role."), Privacy.ADMINISTRATIVE),
        "end": FieldEntry(
            Words("Fin", "End"), mark("Last day in the role; none while it lasts."), Privacy.ADMINISTRATIVE
        ),
    },
    Practitioner: {
        "family_name": FieldEntry(
            Words("Nom", "Name"),
            mark("Family name, or the whole name of who is no person."),
            Privacy.ADMINISTRATIVE,
        ),
        "given_name": FieldEntry(Words("Prénom", "Given name"), mark("Given name."), Privacy.ADMINISTRATIVE),
        "title": FieldEntry(
            Words("Titre", "Title"), mark("Title in front of the name."), Privacy.ADMINISTRATIVE
        ),
        "specialty": FieldEntry(
            Words("Spécialité", "Specialty"),
            mark("Specialty, as the source words it."),
            Privacy.ADMINISTRATIVE,
        ),
        "identifiers": FieldEntry(
            Words("Identifiants", "Identifiers"), mark("Professional identifiers."), Privacy.ADMINISTRATIVE
        ),
        "engagements": FieldEntry(
            Words("Exercice", "Engagement"),
            mark("Roles in the practice, each with its period."),
            Privacy.ADMINISTRATIVE,
        ),
        "active": FieldEntry(
            Words("En exercice ici", "Active here"),
            mark("Whether the practitioner still works in the practice."),
            Privacy.ADMINISTRATIVE,
        ),
        "person": FieldEntry(
            Words("Personne", "Person"),
            mark("Whether it is a person rather than a laboratory, a chair or a team."),
            Privacy.ADMINISTRATIVE,
        ),
    },
    Patient: {
        "practice": FieldEntry(
            Words("Cabinet", "Practice"),
            mark("The practice that holds the record."),
            Privacy.ADMINISTRATIVE,
            left_out=mark("A page has one practice, and a section about it."),
        ),
        "traits": FieldEntry(
            Words("Traits d’identité", "Identity traits"),
            mark("Names, birth and sex."),
            Privacy.ADMINISTRATIVE,
        ),
        "identifiers": FieldEntry(
            Words("Identifiants", "Identifiers"),
            mark("National health identity and other numbers of the patient."),
            Privacy.ADMINISTRATIVE,
        ),
        "ins_status": FieldEntry(
            Words("Statut de l’INS", "INS status"),
            mark("How far the identity was verified."),
            Privacy.ADMINISTRATIVE,
        ),
        "ins_comments": FieldEntry(
            Words("Remarques sur l’identité", "Identity comments"),
            mark("Codes of what weakens the identity."),
            Privacy.ADMINISTRATIVE,
            codes=RNIV,
        ),
        "addresses": FieldEntry(
            Words("Adresses", "Addresses"), mark("Postal addresses."), Privacy.ADMINISTRATIVE
        ),
        "contacts": FieldEntry(
            Words("Contacts", "Contacts"), mark("Ways to reach the patient."), Privacy.ADMINISTRATIVE
        ),
        "status": FieldEntry(
            Words("Statut au cabinet", "Status in the practice"),
            mark("Whether the patient still comes."),
            Privacy.ADMINISTRATIVE,
        ),
        "deceased_on": FieldEntry(
            Words("Date de décès", "Date of death"), mark("Date of death."), Privacy.ADMINISTRATIVE
        ),
        "title": FieldEntry(
            Words("Civilité", "Title"),
            mark("Civil title, in the words of the source."),
            Privacy.ADMINISTRATIVE,
        ),
        "marital_status": FieldEntry(
            Words("Situation familiale", "Family situation"),
            mark("Family situation in civil law; none where nobody stated one."),
            Privacy.ADMINISTRATIVE,
        ),
        "occupation": FieldEntry(
            Words("Profession", "Occupation"),
            mark("Occupation, in the words of the source."),
            Privacy.ADMINISTRATIVE,
        ),
        "employer": FieldEntry(
            Words("Employeur", "Employer"), mark("Name of the employer."), Privacy.ADMINISTRATIVE
        ),
        "first_visit": FieldEntry(
            Words("Première visite", "First visit"),
            mark("Date of the first visit to the practice."),
            Privacy.ADMINISTRATIVE,
        ),
        "language": FieldEntry(
            Words("Langue", "Language"),
            mark("Language the patient speaks, as the source writes it."),
            Privacy.ADMINISTRATIVE,
        ),
        "attending": FieldEntry(
            Words("Praticien traitant", "Attending practitioner"),
            mark("The practitioner who usually treats the patient."),
            Privacy.ADMINISTRATIVE,
        ),
        "earlier_traits": FieldEntry(
            Words("Traits antérieurs", "Earlier traits"),
            mark("Traits the record had before, in the order in which they were given up."),
            Privacy.ADMINISTRATIVE,
        ),
        "linked": FieldEntry(
            Words("Autres fiches de cette personne", "Other records of this person"),
            mark(
                "Identities of the other patient records that the writer of the dossier holds for the same person."
            ),
            Privacy.ADMINISTRATIVE,
            codes=UUID,
        ),
    },
    RelatedPerson: {
        "relation": FieldEntry(
            Words("Lien", "Relation"), mark("Why the person is named in the dossier."), Privacy.THIRD_PARTY
        ),
        "family_name": FieldEntry(Words("Nom", "Name"), mark("Family name."), Privacy.THIRD_PARTY),
        "given_name": FieldEntry(
            Words("Prénom", "Given name"), mark("Given name of the related person."), Privacy.THIRD_PARTY
        ),
        "other_patient": FieldEntry(
            Words("Dossier propre", "Own dossier"),
            mark("Identity of the person's own patient record, if there is one."),
            Privacy.THIRD_PARTY,
            codes=UUID,
        ),
        "contacts": FieldEntry(
            Words("Contacts", "Contacts"), mark("Ways to reach the person."), Privacy.THIRD_PARTY
        ),
        "addresses": FieldEntry(
            Words("Adresses", "Addresses"), mark("Postal addresses of the person."), Privacy.THIRD_PARTY
        ),
        "note": FieldEntry(
            Words("Remarque", "Note"), mark("What the practice wrote about the person."), Privacy.THIRD_PARTY
        ),
    },
    Coverage: {
        "coverage": FieldEntry(
            Words("Nature", "Kind"),
            mark("Which part of the care the insurance pays."),
            Privacy.ADMINISTRATIVE,
        ),
        "insurer": FieldEntry(
            Words("Organisme", "Insurer"), mark("Name of the insurer."), Privacy.ADMINISTRATIVE
        ),
        "member": FieldEntry(
            Words("Numéro d’adhérent", "Member number"),
            mark("Number of the patient with the insurer."),
            Privacy.ADMINISTRATIVE,
        ),
        "group": FieldEntry(
            Words("Groupe", "Group"),
            mark("Group or contract the insurance belongs to."),
            Privacy.ADMINISTRATIVE,
        ),
        "subscriber": FieldEntry(
            Words("Assuré", "Subscriber"), mark("The person who took out the insurance."), Privacy.THIRD_PARTY
        ),
        "start": FieldEntry(
            Words("Début", "Start"), mark("First day of the insurance."), Privacy.ADMINISTRATIVE
        ),
        "end": FieldEntry(
            Words("Fin", "End"),
            mark("Last day of the insurance; none while it lasts."),
            Privacy.ADMINISTRATIVE,
        ),
    },
}
CODES: Codes = {
    Role: {
        Role.OWNER: Words("titulaire", "owner"),
        Role.PARTNER: Words("associé", "partner"),
        Role.COLLABORATOR: Words("collaborateur", "collaborator"),
        Role.REPLACEMENT: Words("remplaçant", "replacement"),
        Role.EMPLOYEE: Words("salarié", "employee"),
        Role.UNKNOWN: Words("rôle inconnu", "role unknown"),
    },
    PatientStatus: {
        PatientStatus.ACTIVE: Words("actif", "active"),
        PatientStatus.INACTIVE: Words("inactif", "inactive"),
        PatientStatus.ARCHIVED: Words("archivé", "archived"),
        PatientStatus.PROSPECTIVE: Words("pas encore venu", "prospective"),
        PatientStatus.DECEASED: Words("décédé", "deceased"),
        PatientStatus.DELETED: Words("supprimé dans la source", "deleted in the source"),
        PatientStatus.OTHER: Words("autre", "other"),
    },
    MaritalStatus: {
        MaritalStatus.NEVER_MARRIED: Words("célibataire", "never married"),
        MaritalStatus.MARRIED: Words("marié(e)", "married"),
        MaritalStatus.CIVIL_PARTNERSHIP: Words("pacsé(e)", "civil partnership (PACS)"),
        MaritalStatus.COMMON_LAW: Words("en concubinage", "common-law couple"),
        MaritalStatus.SEPARATED: Words("séparé(e)", "separated"),
        MaritalStatus.DIVORCED: Words("divorcé(e)", "divorced"),
        MaritalStatus.WIDOWED: Words("veuf, veuve", "widowed"),
    },
    Relation: {
        Relation.GUARDIAN: Words("représentant légal", "guardian"),
        Relation.PAYER: Words("payeur", "payer"),
        Relation.FAMILY: Words("famille", "family"),
        Relation.EMERGENCY: Words("à prévenir", "emergency contact"),
        Relation.OTHER: Words("autre", "other"),
    },
    CoverageKind: {
        CoverageKind.MANDATORY: Words("assurance obligatoire", "mandatory"),
        CoverageKind.COMPLEMENTARY: Words("complémentaire", "complementary"),
        CoverageKind.OTHER: Words("autre", "other"),
    },
}
