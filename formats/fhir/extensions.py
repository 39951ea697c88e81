"""Every extension a bundle carries: standard ones by their URL, ours with what they mean.

This table is the source of the data dictionary; an extension that is not in it
is neither written nor understood.
"""

from __future__ import annotations

from dataclasses import dataclass

from formats.fhir.codes import BASE, FR_CORE

DATA_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


@dataclass(frozen=True, slots=True)
class Extension:
    """A place FHIR R4 does not have: ``value`` is the FHIR type, empty when it nests extensions."""

    name: str
    value: str
    english: str
    french: str
    address: str = ""

    @property
    def url(self) -> str:
        """The URL under which it travels."""
        return self.address or f"{BASE}/StructureDefinition/{self.name}"

    @property
    def value_key(self) -> str:
        """The JSON name of its value, e.g. ``valueMoney``."""
        return f"value{self.value[0].upper()}{self.value[1:]}"

    @property
    def standard(self) -> bool:
        """Whether someone else defines it."""
        return bool(self.address)


_STANDARD = (
    Extension(
        "birth-place",
        "Address",
        "Place of birth",
        "Lieu de naissance",
        "http://hl7.org/fhir/StructureDefinition/patient-birthPlace",
    ),
    Extension(
        "insee-code",
        "Coding",
        "INSEE code of the place",
        "Code INSEE du lieu",
        f"{FR_CORE}/StructureDefinition/fr-core-address-insee-code",
    ),
    Extension(
        "birth-given-names",
        "string",
        "Given names of the birth certificate, in their order",
        "Prénoms de l’acte de naissance, dans leur ordre",
        f"{FR_CORE}/StructureDefinition/fr-core-patient-birth-list-given-name",
    ),
    Extension(
        "identity-reliability",
        "",
        "Reliability of the identity",
        "Fiabilité de l’identité",
        f"{FR_CORE}/StructureDefinition/fr-core-identity-reliability",
    ),
    Extension(
        "identity-status",
        "Coding",
        "Confidence status of the identity (RNIV)",
        "Statut de confiance de l’identité (RNIV)",
        "identityStatus",
    ),
)

_OURS = (
    # any element
    Extension("exact-text", "string",
              "The exact value of an element that FHIR cannot hold as it is (empty or blank text, control "
              "characters, a number or a time zone out of range, a date in place of an instant): "
              "JSON string literals, joined in order",
              "Valeur exacte d’un élément que FHIR ne peut porter telle quelle (texte vide ou blanc, "
              "caractères de contrôle, nombre ou fuseau hors limites, date au lieu d’un instant) : "
              "littéraux JSON à joindre en ordre"),
    Extension("sha256", "string", "SHA-256 of the file, in lower-case hexadecimal (FHIR’s own hash is SHA-1)",
              "SHA-256 du fichier, en hexadécimal minuscule (l’empreinte propre à FHIR est SHA-1)"),
    Extension("note", "string", "A remark on the record", "Remarque sur l’enregistrement"),
    Extension("title", "string", "The title of the record", "Titre de l’enregistrement"),
    Extension("tooth", "Coding", "A tooth, in FDI notation", "Dent, en notation FDI"),
    Extension("surface", "Coding", "A surface of the tooth", "Face de la dent"),
    Extension("act", "Reference", "The act this belongs to", "Acte concerné"),
    Extension("practitioner", "Reference", "The practitioner concerned", "Praticien concerné"),
    Extension("start-date", "date", "Since when", "Date de début"),
    Extension("end-date", "date", "Until when", "Date de fin"),
    # practice, practitioners, patient
    Extension("legal-form", "string", "Legal form of the practice", "Forme juridique du cabinet"),
    Extension("time-zone", "string", "Time zone of the practice (IANA name)",
              "Fuseau horaire du cabinet (nom IANA)"),
    Extension("currency", "string", "Currency of every amount (ISO 4217)",
              "Monnaie de tous les montants (ISO 4217)"),
    Extension("person", "boolean", "Whether the practitioner is a person rather than a body",
              "Le praticien est une personne et non une structure"),
    Extension("contact-use", "code", "Where a mobile number or another contact is used",
              "Usage d’un numéro mobile ou d’un autre contact"),
    Extension("patient-status", "code", "Standing of the patient in the practice",
              "Situation du patient dans le cabinet"),
    Extension("identity-comment", "code", "Remark on the identity (RNIV), e.g. DOUA",
              "Attribut de l’identité (RNIV), p. ex. DOUA"),
    Extension("first-visit", "date", "Date of the first visit", "Date de la première visite"),
    Extension("occupation", "string", "Occupation, in the words of the source", "Profession, selon la source"),
    Extension("earlier-traits", "", "Traits of the patient before the source changed them",
              "Traits du patient avant leur modification dans la source"),
    Extension("birth-name", "HumanName", "Names of the birth certificate, as they were recorded",
              "Noms de l’acte de naissance, tels qu’enregistrés alors"),
    Extension("name-in-use", "HumanName", "Names in use at that time", "Noms utilisés alors"),
    Extension("birth-date", "date", "Date of birth, as it was recorded",
              "Date de naissance, telle qu’enregistrée alors"),
    Extension("gender", "code", "Sex, as it was recorded", "Sexe, tel qu’enregistré alors"),
    Extension("until", "dateTime", "When the change was seen", "Date à laquelle le changement a été vu"),
    Extension("other-patient", "Reference", "The dossier this person has in the practice",
              "Dossier que cette personne a dans le cabinet"),
    # medical history
    Extension("presence", "code", "present; none (asked, and there is none); refuted",
              "present (présent) ; none (demandé : aucun) ; refuted (réfuté)"),
    Extension("health-status", "code", "Course of the health fact: active, resolved, inactive, unknown",
              "Évolution : active, resolved (résolu), inactive, unknown (inconnue)"),
    Extension("detail", "string", "Details of the health fact", "Précisions sur l’élément de santé"),
    Extension("recorded-at", "dateTime", "When the health fact was recorded",
              "Date d’enregistrement de l’élément"),
    Extension("form-title", "string", "Title of the form that was filled in", "Titre du formulaire rempli"),
    # mouth
    Extension("perio-site", "Coding", "Site of the measure around the tooth",
              "Site de la mesure autour de la dent"),
    # observations
    Extension("panel", "string", "The examination that a result is part of", "Examen dont le résultat fait partie"),
    Extension("value-text", "string", "What is said of the value beside the number",
              "Ce qui est dit de la valeur à côté du nombre"),
    # care
    Extension("principal", "boolean", "Whether the diagnosis is the first reason of the act",
              "Le diagnostic est le motif principal de l’acte"),
    Extension("act-status", "code", "Standing of the act where FHIR’s status says less",
              "État de l’acte quand le statut FHIR est moins précis"),
    Extension("area", "string", "Region larger than a tooth, in the words of the source",
              "Zone plus large qu’une dent, selon la source"),
    Extension("modifier", "string", "Modifier of the act (CCAM)", "Modificateur de l’acte (CCAM)"),
    Extension("quantity", "integer", "How often the act was repeated", "Nombre de répétitions de l’acte"),
    Extension("fee", "Money", "Fee", "Honoraires"),
    Extension("appointment", "Reference", "Appointment this belongs to", "Rendez-vous concerné"),
    Extension("signed", "boolean", "Whether the note was signed in the source", "Note signée dans la source"),
    Extension("priority", "string", "Rank or urgency of a step of the plan",
              "Rang ou urgence de l’étape du plan"),
    Extension("insurer-part", "Money", "What the insurer pays", "Part de l’assurance"),
    Extension("patient-part", "Money", "What the patient pays", "Part du patient"),
    Extension("signed-at", "dateTime", "When the quote was signed", "Date de signature du devis"),
    Extension("signed-by", "string", "Who signed", "Signataire"),
    Extension("signature", "string", "Signature data as the source holds it",
              "Données de signature de la source"),
    Extension("document", "Reference", "The paper that shows it", "Document qui le montre"),
    Extension("prescribed-quantity", "string", "Quantity, in the prescriber’s words",
              "Quantité, selon le prescripteur"),
    Extension("refills", "string", "Renewals, in the prescriber’s words",
              "Renouvellements, selon le prescripteur"),
    Extension("previous-date", "date", "Date of the previous visit of the kind",
              "Date de la visite précédente"),
    Extension("interval", "string", "Interval between visits (ISO 8601 duration)",
              "Intervalle entre visites (durée ISO 8601)"),
    # devices and laboratory work
    Extension("sent-at", "dateTime", "When the work went to the laboratory", "Date d’envoi au laboratoire"),
    Extension("received-at", "dateTime", "When the work came back", "Date de retour du travail"),
    Extension("checked-at", "dateTime", "When the practice found the work good", "Date du contrôle au cabinet"),
    Extension("cost", "Money", "What the laboratory charges", "Prix facturé par le laboratoire"),
    Extension("invoice", "string", "Number of the laboratory’s invoice", "Numéro de la facture du laboratoire"),
    # money
    Extension("invoice-status", "code", "Standing of the invoice where FHIR’s status says less",
              "État de la facture quand le statut FHIR est moins précis"),
    Extension("coverage", "Reference", "Insurance that pays", "Assurance qui paie"),
    Extension("line-status", "string", "Standing of the line in the source",
              "État de la ligne dans la source"),
    Extension("patient", "Reference", "Patient for whom the payment counts",
              "Patient pour qui le paiement compte"),
    Extension("method", "string", "Means of payment, in the words of the source",
              "Moyen de paiement, selon la source"),
    Extension("payer", "string", "Who paid, by name", "Payeur, par son nom"),
    Extension("payer-patient", "Reference", "The dossier the payer has in the practice",
              "Dossier que le payeur a dans le cabinet"),
    # imaging
    Extension("study-id", "string", "Study identifier of the images (0020,0010)",
              "Identifiant d’examen des images (0020,0010)"),
    Extension("dicom-patient-name", "string", "Patient’s name as the images carry it (0010,0010)",
              "Nom du patient porté par les images (0010,0010)"),
    Extension("dicom-patient-id", "string", "Patient’s number as the images carry it (0010,0020)",
              "Numéro du patient porté par les images (0010,0020)"),
    Extension("file", "Attachment", "The file of the image", "Fichier de l’image"),
    Extension("crop", "integer", "Part shown: x, y, width, height in pixels of the original, one each",
              "Partie affichée : x, y, largeur, hauteur en pixels de l’original, une valeur chacune"),
    Extension("rotation", "integer", "Degrees clockwise to show the image",
              "Rotation horaire à l’affichage, en degrés"),
    Extension("flipped", "boolean", "Whether the image is shown mirrored", "Image affichée en miroir"),
    Extension("window", "integer", "Lowest and highest grey value shown, one each",
              "Plus basse et plus haute valeur de gris affichées, une valeur chacune"),
)  # fmt: skip

EXTENSIONS: dict[str, Extension] = {extension.name: extension for extension in (*_STANDARD, *_OURS)}
"""Extensions by the name under which paths speak of them."""


def url(name: str) -> str:
    """Return the URL of the extension ``name``."""
    return EXTENSIONS[name].url
