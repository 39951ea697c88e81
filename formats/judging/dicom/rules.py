"""Rules of DICOM files and file-sets (PS3.10, PS3.3)."""

from __future__ import annotations

from formats.judging.rules import must, outside_rule, remark, rule_table, should
from formats.words import Words

INSTANCE_RULES = rule_table(
    "DICOM PS3.10 §7",
    must("dicom-file", "Le fichier a le préambule, DICM, et un en-tête lisible.", "The file has the preamble, DICM, and a header that can be read."),
    must("dicom-whole", "Le fichier n’est pas coupé.", "The file is not cut short."),
    must("dicom-meta", "L’information de fichier nomme version, classe, instance, syntaxe de transfert et implémentation.", "The file meta information names version, class, instance, transfer syntax and implementation."),
    must("dicom-meta-agrees", "Elle nomme la classe et l’instance des données.", "It names the class and the instance of the data set."),
    must("dicom-syntax", "La syntaxe de transfert est une de PS3.6.", "The transfer syntax is one of PS3.6."),
    must("dicom-class", "La classe SOP est une de PS3.6.", "The SOP class is one of PS3.6."),
    must("dicom-uids", "Chaque UID est bien formé : au plus 64 caractères, sans zéro en tête.", "Every UID is well-formed: 64 characters at most, no leading zeros."),
)  # fmt: skip
ATTRIBUTE_RULES = rule_table(
    "DICOM PS3.3",
    must("dicom-identity", "Les attributs de type 1 du patient, de l’examen et de la série ont une valeur : StudyInstanceUID, SeriesInstanceUID, Modality, SOPClassUID, SOPInstanceUID.", "Type 1 attributes of patient, study and series have a value: StudyInstanceUID, SeriesInstanceUID, Modality, SOPClassUID, SOPInstanceUID."),
    must("dicom-type-2", "Les attributs de type 2 sont là, vides s’il le faut : PatientName, PatientID, PatientBirthDate, PatientSex, StudyDate, StudyTime, AccessionNumber, ReferringPhysicianName, StudyID, SeriesNumber.", "Type 2 attributes are there, empty if need be: PatientName, PatientID, PatientBirthDate, PatientSex, StudyDate, StudyTime, AccessionNumber, ReferringPhysicianName, StudyID, SeriesNumber."),
    must("dicom-image", "Une image dit ses pixels : lignes, colonnes, bits, échantillons, interprétation photométrique ; et les a.", "An image says its pixels: rows, columns, bits, samples, photometric interpretation; and has them."),
    must("dicom-pixels", "Bits et échantillons se tiennent : BitsStored ≤ BitsAllocated, HighBit = BitsStored − 1, PlanarConfiguration en couleur.", "Bits and samples hold together: BitsStored ≤ BitsAllocated, HighBit = BitsStored − 1, PlanarConfiguration in colour."),
    must("dicom-pixel-length", "Des pixels non compressés ont la longueur que l’en-tête dit.", "Pixels that are not compressed have the length that the header says."),
    must("dicom-modality", "La modalité est celle de la classe SOP, pour les classes dentaires et courantes.", "The modality is that of the SOP class, for dental and common classes."),
    must("dicom-sex-date", "PatientSex est M, F ou O ; les dates sont des dates.", "PatientSex is M, F or O; dates are dates."),
    remark("dicom-character-set", "Des caractères hors ASCII ont un SpecificCharacterSet.", "Characters beyond ASCII have a SpecificCharacterSet."),
    outside_rule("dicom-iod", "L’objet suit en tout sa définition (IOD).", "The object keeps its whole definition (IOD).", Words("Demande un validateur complet (dciodvfy), qui n’est pas ici.", "Needs a whole validator (dciodvfy), which is not here.")),
)  # fmt: skip
FILE_SET_RULES = rule_table(
    "DICOM PS3.10 §8, PS3.3 §F",
    must("fileset-directory", "DICOMDIR est à la racine, lisible, de la classe Media Storage Directory.", "DICOMDIR lies at the root, can be read, and is of the class Media Storage Directory."),
    must("fileset-names", "Un File ID a au plus huit composants de huit caractères A–Z, 0–9, _.", "A File ID has eight components at most, of eight characters A–Z, 0–9, _."),
    must("fileset-listed", "Chaque fichier que le DICOMDIR nomme est là.", "Every file that the DICOMDIR names is there."),
    should("fileset-complete", "Chaque fichier DICOM présent est dans le DICOMDIR.", "Every DICOM file that is there is in the DICOMDIR."),
    must("fileset-agrees", "Classe, instance et syntaxe de transfert d’un enregistrement sont celles de son fichier.", "Class, instance and transfer syntax of a record are those of its file."),
    must("fileset-uids", "Aucune instance n’est deux fois dans l’ensemble.", "No instance is twice in the set."),
    must("fileset-records", "Chaque enregistrement a ses clés : PatientID ; date, heure et UID de l’examen ; modalité et UID de la série ; numéro de l’image.", "Every record has its keys: PatientID; date, time and UID of the study; modality and UID of the series; number of the image."),
    remark("fileset-pdi", "README.TXT et INDEX.HTM sont à la racine (IHE PDI).", "README.TXT and INDEX.HTM lie at the root (IHE PDI)."),
)  # fmt: skip
DICOM_RULES = INSTANCE_RULES | ATTRIBUTE_RULES | FILE_SET_RULES
