"""Words of codes that the model takes over as a source or a standard writes them, list by list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from formats.words import Words


@dataclass(frozen=True, kw_only=True, slots=True)
class Movement:
    """Movement of a tooth: its words, and the unit of its extent."""

    words: Words
    unit: str


MOVEMENTS: Mapping[str, Movement] = {
    "ShiftM": Movement(words=Words("translation mésiale", "mesial shift"), unit="mm"),
    "ShiftO": Movement(words=Words("translation occlusale", "occlusal shift"), unit="mm"),
    "ShiftB": Movement(words=Words("translation vestibulaire", "buccal shift"), unit="mm"),
    "Rotate": Movement(words=Words("rotation", "rotation"), unit="°"),
    "TipM": Movement(words=Words("version mésiale", "mesial tipping"), unit="°"),
    "TipB": Movement(words=Words("version vestibulaire", "buccal tipping"), unit="°"),
}
"""Movements of Open Dental (``toothinitial.InitialType``); negative ones go the other way."""

AREAS: Mapping[str, Words] = {
    "UR": Words("quadrant supérieur droit", "upper right quadrant"),
    "UL": Words("quadrant supérieur gauche", "upper left quadrant"),
    "LL": Words("quadrant inférieur gauche", "lower left quadrant"),
    "LR": Words("quadrant inférieur droit", "lower right quadrant"),
    "U": Words("arcade maxillaire", "upper arch"),
    "L": Words("arcade mandibulaire", "lower arch"),
    "00": Words("toute la bouche", "whole mouth"),
    "01": Words("arcade maxillaire", "upper arch"),
    "02": Words("arcade mandibulaire", "lower arch"),
    "10": Words("quadrant supérieur droit", "upper right quadrant"),
    "20": Words("quadrant supérieur gauche", "upper left quadrant"),
    "30": Words("quadrant inférieur gauche", "lower left quadrant"),
    "40": Words("quadrant inférieur droit", "lower right quadrant"),
    "03": Words("sextant supérieur droit", "upper right sextant"),
    "04": Words("sextant supérieur antérieur", "upper anterior sextant"),
    "05": Words("sextant supérieur gauche", "upper left sextant"),
    "06": Words("sextant inférieur gauche", "lower left sextant"),
    "07": Words("sextant inférieur antérieur", "lower anterior sextant"),
    "08": Words("sextant inférieur droit", "lower right sextant"),
    **{one: Words(f"sextant {one}", f"sextant {one}") for one in "123456"},
}
"""Regions larger than a tooth: letters of American programs, two digits of ISO 3950, and numbers of sextants."""

MODALITIES: Mapping[str, Words] = {
    "CR": Words("radiographie (plaque)", "radiograph (plate)"),
    "CT": Words("tomographie", "tomography"),
    "DX": Words("radiographie numérique", "digital radiograph"),
    "IO": Words("radiographie intrabuccale", "intraoral radiograph"),
    "PX": Words("radiographie panoramique", "panoramic radiograph"),
    "RG": Words("radiographie (film)", "radiograph (film)"),
    "OT": Words("autre", "other"),
    "XC": Words("photographie", "photograph"),
    "ES": Words("endoscopie", "endoscopy"),
    "MR": Words("IRM", "MRI"),
    "US": Words("échographie", "ultrasound"),
    "SC": Words("capture d’écran", "secondary capture"),
    "OSS": Words("empreinte optique", "optical surface scan"),
    "M3D": Words("modèle 3D", "3D model"),
    "DOC": Words("document", "document"),
    "SR": Words("compte rendu structuré", "structured report"),
    "KO": Words("sélection d’images", "key objects"),
    "PR": Words("état de présentation", "presentation state"),
    "SEG": Words("segmentation", "segmentation"),
}
"""Modalities of DICOM that dentistry has (PS3.3 §C.7.3.1.1.1)."""

MEDIA_TYPES: Mapping[str, Words] = {
    "application/dicom": Words("image DICOM", "DICOM image"),
    "application/pdf": Words("PDF", "PDF"),
    "application/rtf": Words("lettre RTF", "RTF letter"),
    "application/msword": Words("document Word", "Word document"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": Words(
        "document Word", "Word document"
    ),
    "application/vnd.ms-excel": Words("classeur Excel", "Excel workbook"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": Words(
        "classeur Excel", "Excel workbook"
    ),
    "application/xml": Words("données XML", "XML data"),
    "application/json": Words("données JSON", "JSON data"),
    "application/zip": Words("archive ZIP", "ZIP archive"),
    "application/octet-stream": Words("format inconnu", "unknown format"),
    **{
        f"image/{kind}": Words(f"image {name}", f"{name} picture")
        for kind, name in (
            *(("jpeg", "JPEG"), ("png", "PNG"), ("tiff", "TIFF"), ("bmp", "BMP"), ("gif", "GIF")),
            *(("webp", "WebP"), ("jp2", "JPEG 2000"), ("heic", "HEIC")),
        )
    },
    "message/rfc822": Words("courriel", "e-mail"),
    **{
        f"model/{kind}": Words(f"modèle 3D {name}", f"{name} 3D model")
        for kind, name in (("stl", "STL"), ("ply", "PLY"), ("obj", "OBJ"))
    },
    "text/csv": Words("table CSV", "CSV table"),
    "text/html": Words("page HTML", "HTML page"),
    "text/plain": Words("texte", "text"),
    "text/rtf": Words("lettre RTF", "RTF letter"),
    "video/mp4": Words("vidéo MP4", "MP4 video"),
}
"""Media types that the files of a practice have."""

LANGUAGES: Mapping[str, Words] = {
    "ar": Words("arabe", "Arabic"),
    "de": Words("allemand", "German"),
    "el": Words("grec", "Greek"),
    "en": Words("anglais", "English"),
    "es": Words("espagnol", "Spanish"),
    "fr": Words("français", "French"),
    "it": Words("italien", "Italian"),
    "nl": Words("néerlandais", "Dutch"),
    "pl": Words("polonais", "Polish"),
    "pt": Words("portugais", "Portuguese"),
    "ro": Words("roumain", "Romanian"),
    "ru": Words("russe", "Russian"),
    "tr": Words("turc", "Turkish"),
    "uk": Words("ukrainien", "Ukrainian"),
    "vi": Words("vietnamien", "Vietnamese"),
    "zh": Words("chinois", "Chinese"),
}
"""Languages by their code in ISO 639-1."""

COUNTRIES: Mapping[str, Words] = {
    "BE": Words("Belgique", "Belgium"),
    "CH": Words("Suisse", "Switzerland"),
    "DE": Words("Allemagne", "Germany"),
    "ES": Words("Espagne", "Spain"),
    "FR": Words("France", "France"),
    "GB": Words("Royaume-Uni", "United Kingdom"),
    "IT": Words("Italie", "Italy"),
    "LU": Words("Luxembourg", "Luxembourg"),
    "MC": Words("Monaco", "Monaco"),
    "PT": Words("Portugal", "Portugal"),
    "US": Words("États-Unis", "United States"),
}
"""Countries by their code in ISO 3166-1."""

_QUESTIONS: Mapping[str, Words] = {
    "DeviceName": Words("Dispositif", "Device"),
    "DeviceManufacturer": Words("Fabricant", "Manufacturer"),
    "DeviceModel": Words("Modèle", "Model"),
    "DeviceReference": Words("Référence", "Catalogue number"),
    "DeviceLot": Words("Lot", "Lot"),
    "DeviceSerial": Words("Numéro de série", "Serial number"),
    "DeviceUDI": Words("IUD", "UDI"),
    "DeviceNote": Words("Remarque", "Note"),
    "DeviceMadeOn": Words("Fabriqué le", "Made on"),
    "DeviceExpiry": Words("Péremption", "Expiry"),
    "DeviceImplantedOn": Words("Posé le", "Implanted on"),
    "DeviceRemovedOn": Words("Retiré le", "Removed on"),
    "DeviceTeeth": Words("Dents", "Teeth"),
}
"""Fields of a sheet of Open Dental that tells of a device, as our reader asks for them to be called."""
_NUMBERED = re.compile(r"(Device[A-Za-z]+?)([0-9]{0,2})")


def question_words(question: str) -> tuple[Words | None, str]:
    """Return the words of a field of a sheet that has a name of ours, and the number behind it."""
    found = _NUMBERED.fullmatch(question)
    return (_QUESTIONS.get(found[1]), found[2]) if found else (None, "")


_OBJECTS: Mapping[str, Words] = {
    "Adjustment": Words("correction de compte", "adjustment"),
    "Appointment": Words("rendez-vous", "appointment"),
    "Claim": Words("feuille de soins", "claim"),
    "Commlog": Words("échange", "communication"),
    "Email": Words("courriel", "e-mail"),
    "Image": Words("image", "image"),
    "InsPay": Words("paiement d’un organisme", "insurance payment"),
    "InsPlan": Words("couverture", "insurance plan"),
    "Patient": Words("patient", "patient"),
    "PatAllergyList": Words("allergies", "allergies"),
    "PatMedicationList": Words("traitements", "medications"),
    "PatProblemList": Words("maladies", "problems"),
    "PatientField": Words("champ libre du patient", "free field of the patient"),
    "PayPlan": Words("échéancier", "payment plan"),
    "Payment": Words("paiement", "payment"),
    "Perio": Words("bilan parodontal", "periodontal examination"),
    "Proc": Words("acte", "procedure"),
    "ProcCompl": Words("acte fait", "completed procedure"),
    "ProcComplete": Words("acte fait", "completed procedure"),
    "ProcExisting": Words("acte déjà présent", "existing procedure"),
    "Recall": Words("rappel", "recall"),
    "Referral": Words("correspondant", "referral"),
    "Rx": Words("ordonnance", "prescription"),
    "Sheet": Words("formulaire", "sheet"),
    "Task": Words("tâche", "task"),
    "TreatPlan": Words("plan de traitement", "treatment plan"),
}
_VERBS: Mapping[str, Words] = {
    "Add": Words("ajout", "added"),
    "Create": Words("création", "created"),
    "Delete": Words("suppression", "deleted"),
    "Edit": Words("modification", "edited"),
    "Export": Words("exportation", "exported"),
    "Merge": Words("fusion", "merged"),
    "Move": Words("déplacement", "moved"),
    "Send": Words("envoi", "sent"),
    "Sign": Words("signature", "signed"),
}
_ACTION = re.compile(rf"([A-Z]\w*?)({'|'.join(_VERBS)})")


def action_words(action: str) -> Words | None:
    """Return what was done to what, of an event that Open Dental names so (``securitylog.PermType``)."""
    found = _ACTION.fullmatch(action)
    if found is None or found[1] not in _OBJECTS:
        return None
    what, done = _OBJECTS[found[1]], _VERBS[found[2]]
    return Words(f"{what.fr}\u00a0: {done.fr}", f"{what.en} {done.en}")
