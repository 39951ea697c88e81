"""Studies and images."""

from __future__ import annotations

from formats.model.dictionary.entry import Codes, FieldEntry, Fields, Privacy
from formats.model.dictionary.notations import DEGREES, DICOM_MODALITY, DICOM_UID, FDI, NAMES, PIXELS
from formats.model.imaging import ImageFile, ImageInstance, ImageKind, ImageSeries, ImageStudy
from formats.words import Words, mark

FIELDS: Fields = {
    ImageInstance: {
        "sop_instance_uid": FieldEntry(
            Words("Identifiant DICOM", "DICOM identifier"),
            mark("Identifier of the image (SOP Instance UID)."),
            Privacy.CARE,
            codes=DICOM_UID,
            left_out=mark("A volume has hundreds of images; viewers read the identifier from the file."),
        ),
        "sop_class_uid": FieldEntry(
            Words("Classe DICOM", "DICOM class"),
            mark("What kind of object it is (SOP Class UID)."),
            Privacy.CARE,
            codes=DICOM_UID,
            left_out=mark("Viewers read the class from the file."),
        ),
        "number": FieldEntry(
            Words("Numéro", "Number"),
            mark("Number of the image in its series."),
            Privacy.CARE,
            left_out=mark("Files are listed in the order of the series; the number is in each of them."),
        ),
        "attachment": FieldEntry(
            Words("Fichier", "File"),
            mark("The DICOM file as it came."),
            Privacy.CARE,
            left_out_inside={
                "size": mark("Every file of a series is DICOM; its length is in DATA/NAMES.CSV."),
                "media_type": mark("Every file of a series is DICOM; its length is in DATA/NAMES.CSV."),
            },
        ),
    },
    ImageSeries: {
        "series_instance_uid": FieldEntry(
            Words("Identifiant DICOM", "DICOM identifier"),
            mark("Identifier of the series (Series Instance UID)."),
            Privacy.CARE,
            codes=DICOM_UID,
            left_out=mark("Viewers read the identifier from the files."),
        ),
        "modality": FieldEntry(
            Words("Modalité", "Modality"),
            mark("Modality by its DICOM code."),
            Privacy.CARE,
            codes=DICOM_MODALITY,
        ),
        "number": FieldEntry(
            Words("Série", "Series"), mark("Number of the series in its study."), Privacy.CARE
        ),
        "description": FieldEntry(
            Words("Description", "Description"), mark("What the series shows."), Privacy.CARE
        ),
        "instances": FieldEntry(Words("Fichiers", "Files"), mark("The images in their order."), Privacy.CARE),
    },
    ImageStudy: {
        "study_instance_uid": FieldEntry(
            Words("Identifiant DICOM", "DICOM identifier"),
            mark("Identifier of the study (Study Instance UID)."),
            Privacy.CARE,
            codes=DICOM_UID,
        ),
        "study_id": FieldEntry(
            Words("Numéro d’examen", "Study number"), mark("Number of the study (Study ID)."), Privacy.CARE
        ),
        "accession": FieldEntry(
            Words("Numéro de demande", "Accession number"),
            mark("Number of the request (Accession Number)."),
            Privacy.CARE,
        ),
        "description": FieldEntry(
            Words("Description", "Description"), mark("What the study shows."), Privacy.CARE, tables=(NAMES,)
        ),
        "studied_at": FieldEntry(
            Words("Date", "Date"), mark("Moment of the study, or its day."), Privacy.CARE
        ),
        "patient_name": FieldEntry(
            Words("Nom dans les images", "Name in the images"),
            mark("Name of the patient as the images carry it."),
            Privacy.ADMINISTRATIVE,
        ),
        "patient_number": FieldEntry(
            Words("Numéro dans les images", "Number in the images"),
            mark("Number of the patient as the images carry it."),
            Privacy.ADMINISTRATIVE,
        ),
        "series": FieldEntry(Words("Séries", "Series"), mark("Series of the study."), Privacy.CARE),
    },
    ImageFile: {
        "image": FieldEntry(Words("Nature", "Kind"), mark("What kind of image it is."), Privacy.CARE),
        "title": FieldEntry(
            Words("Titre", "Title"),
            mark("What the image is called in the practice."),
            Privacy.CARE,
            tables=(NAMES,),
        ),
        "original_name": FieldEntry(
            Words("Nom d’origine", "Original name"),
            mark("Name of the file in the source."),
            Privacy.ADMINISTRATIVE,
            tables=(NAMES,),
        ),
        "taken_at": FieldEntry(
            Words("Prise le", "Taken on"), mark("Moment at which the image was taken."), Privacy.CARE
        ),
        "teeth": FieldEntry(Words("Dents", "Teeth"), mark("Teeth the image shows."), Privacy.CARE, codes=FDI),
        "crop": FieldEntry(
            Words("Cadrage", "Crop"),
            mark("The part that is shown: x, y, width, height."),
            Privacy.CARE,
            unit=PIXELS,
        ),
        "rotation": FieldEntry(
            Words("Rotation", "Rotation"),
            mark("Turn by which it is shown, clockwise."),
            Privacy.CARE,
            unit=DEGREES,
        ),
        "flipped": FieldEntry(
            Words("Miroir", "Flipped"), mark("Whether it is shown as in a mirror."), Privacy.CARE
        ),
        "window": FieldEntry(
            Words("Fenêtre", "Window"), mark("Lowest and highest grey value that is shown."), Privacy.CARE
        ),
        "practitioner": FieldEntry(
            Words("Praticien", "Practitioner"), mark("Who took the image."), Privacy.CARE
        ),
        "note": FieldEntry(
            Words("Remarque", "Note"), mark("What was written about the image."), Privacy.CARE
        ),
        "attachment": FieldEntry(
            Words("Fichier", "File"),
            mark("The file, never changed; none where the source lacks it, or it could not be taken."),
            Privacy.CARE,
        ),
    },
}
CODES: Codes = {
    ImageKind: {
        ImageKind.RADIOGRAPH: Words("radiographie", "radiograph"),
        ImageKind.PHOTOGRAPH: Words("photographie", "photograph"),
        ImageKind.SCAN_3D: Words("empreinte 3D", "3D scan"),
        ImageKind.OTHER: Words("autre", "other"),
    },
}
