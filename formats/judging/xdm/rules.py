"""Rules of METADATA.XML and of the documents it describes (PDLGC §6; CI-SIS *Partage de documents*; IHE ITI TF-3)."""

from __future__ import annotations

from formats.judging.rules import must, outside_rule, remark, rule_table, should
from formats.words import Words

_BOTH = Words("Le guide ne le dit pas ou se contredit", "The guide does not say or contradicts itself")


def _note(fr: str, en: str) -> Words:
    return Words(f"{_BOTH.fr} : {fr}", f"{_BOTH.en}: {en}")


SUBMISSION_RULES = rule_table(
    "PDLGC §6",
    must("metadata-xml", "METADATA.XML est du XML bien formé, sans DTD, de taille raisonnable.", "METADATA.XML is well-formed XML without a DTD, of a reasonable size."),
    must("metadata-submission", "lcm:SubmitObjectsRequest contient une rim:RegistryObjectList avec un seul lot de soumission et au moins un document.", "lcm:SubmitObjectsRequest holds a rim:RegistryObjectList with one submission set and at least one document."),
    must("metadata-order", "Les enfants de chaque objet suivent l’ordre du schéma : Slot, Name, Description, VersionInfo, Classification, ExternalIdentifier.", "Children of every object keep the order of the schema: Slot, Name, Description, VersionInfo, Classification, ExternalIdentifier.", Words("103 des 110 exemples de l’ANS ne le suivent pas.", "103 of the 110 examples of the ANS do not.")),
    must("metadata-objects", "registryObject et classifiedObject nomment l’objet où ils se trouvent.", "registryObject and classifiedObject name the object in which they stand.", Words("Les 110 exemples de l’ANS nomment autre chose.", "All 110 examples of the ANS name something else.")),
    must("metadata-ids", "Aucun identifiant d’objet n’est donné deux fois.", "No identifier of an object is given twice."),
    outside_rule("metadata-schema", "METADATA.XML est valable selon le schéma ebRIM (lcm.xsd).", "METADATA.XML is valid by the schema of ebRIM (lcm.xsd).", Words("Avec --schemas.", "With --schemas.")),
    must("set-status", "Lot : statut Approved.", "Set: status Approved."),
    must("set-time", "Lot : un submissionTime, AAAAMMJJhhmmss.", "Set: one submissionTime, YYYYMMDDhhmmss."),
    must("set-author", "Lot : un auteur, avec authorPerson et authorInstitution.", "Set: one author, with authorPerson and authorInstitution."),
    must("set-content", "Lot : un contentTypeCode, avec code, codingScheme et libellé.", "Set: one contentTypeCode, with code, codingScheme and label."),
    must("set-patient", "Lot : un patientId, CX.", "Set: one patientId, CX."),
    must("set-source", "Lot : un sourceId, OID.", "Set: one sourceId, an OID."),
    must("set-unique", "Lot : un uniqueId, OID.", "Set: one uniqueId, an OID."),
    must("set-members", "Une association HasMember mène du lot à chaque document.", "One HasMember association leads from the set to each document."),
)  # fmt: skip
ENTRY_OBJECT_RULES = rule_table(
    "PDLGC §6",
    must("entry-type", "Fiche : objectType d’un document stable, et mimeType.", "Entry: objectType of a stable document, and mimeType."),
    must("entry-status", "Fiche : availabilityStatus Approved, Deprecated ou Archived.", "Entry: availabilityStatus Approved, Deprecated or Archived."),
    must("entry-uri", "Fiche : un URI, le nom d’un fichier du SUBSET.", "Entry: one URI, the name of a file of the SUBSET."),
    must("entry-size", "Fiche : un size, la longueur du document en octets.", "Entry: one size, the length of the document in bytes."),
    must("entry-hash", "Fiche : un hash, le condensat du document, en hexadécimal.", "Entry: one hash, the digest of the document, in hexadecimal."),
    remark("entry-hash-sha1", "Le hash d’une fiche est un SHA-1.", "The hash of an entry is SHA-1.", _note("SHA-1 selon XDS et les exemples, SHA-256 dans le manifeste ; les deux sont admis (§10.12).", "SHA-1 by XDS and the examples, SHA-256 in the manifest; both are taken (§10.12).")),
    must("entry-created", "Fiche : un creationTime.", "Entry: one creationTime."),
    must("entry-language", "Fiche : languageCode fr-FR.", "Entry: languageCode fr-FR."),
    must("entry-service", "Fiche : un serviceStartTime ; serviceStopTime au plus un, pas avant.", "Entry: one serviceStartTime; serviceStopTime one at most, not before."),
    must("entry-repository", "Fiche : un repositoryUniqueId, OID.", "Entry: one repositoryUniqueId, an OID.", Words("Dans aucun des 110 exemples de l’ANS.", "In none of the 110 examples of the ANS.")),
    must("entry-logical", "Fiche : un logicalId (lid), URN.", "Entry: one logicalId (lid), a URN.", Words("Dans aucun des 110 exemples de l’ANS.", "In none of the 110 examples of the ANS.")),
    must("entry-version", "Fiche : version, si elle est dite, est un entier à partir de 1.", "Entry: version, where stated, is an integer from 1 on."),
    must("entry-author", "Fiche : au moins un auteur, XCN et XON.", "Entry: at least one author, XCN and XON."),
    must("entry-codes", "Fiche : un classCode, un typeCode, un formatCode, un healthcareFacilityTypeCode et un practiceSettingCode, avec code, codingScheme et libellé.", "Entry: one classCode, typeCode, formatCode, healthcareFacilityTypeCode and practiceSettingCode, with code, codingScheme and label."),
    must("entry-confidentiality", "Fiche : un à quatre confidentialityCode.", "Entry: one to four confidentialityCodes."),
    should("entry-legal", "Fiche : un legalAuthenticator, XCN.", "Entry: one legalAuthenticator, XCN."),
    must("entry-patient", "Fiche : un patientId, CX, le même que celui du lot.", "Entry: one patientId, CX, that of the set."),
    must("entry-ins", "Un INS vient d’une autorité d’affectation connue et sa clé est juste.", "An INS is of a known assigning authority, and its key is right."),
    remark("entry-ins-length", "Un INS a ses 15 chiffres.", "An INS has its 15 digits.", _note("13 chiffres, ou 15 avec la clé ; les deux sont admis (§10.7).", "13 digits, or 15 with the key; both are taken (§10.7).")),
    remark("entry-ins-test", "Aucun INS n’est de test ou de démonstration.", "No INS is one of tests or demonstrations."),
    must("entry-source-patient", "Fiche : un sourcePatientId, CX.", "Entry: one sourcePatientId, CX."),
    must("entry-traits", "sourcePatientInfo : avec un INS, nom et prénoms de naissance, date de naissance, sexe, lieu de naissance ; sans INS, le nom.", "sourcePatientInfo: with an INS, birth name and given names, birth date, sex, birth place; without, the name.", _note("le lieu de naissance est PID-11 de type BDL dans les exemples, pid23 dans le modèle ; les deux sont admis (§10.9).", "the birth place is PID-11 of type BDL in the examples, pid23 in the model; both are taken (§10.9).")),
    must("entry-unique", "Fiche : un uniqueId, OID (ou OID^extension), différent des autres.", "Entry: one uniqueId, OID (or OID^extension), different from the others."),
)  # fmt: skip
DOCUMENT_RULES = rule_table(
    "PDLGC §6",
    must("document-described", "Chaque fichier du SUBSET est décrit par une fiche, et une seule.", "Every file of the SUBSET is described by one entry, and one only."),
    must("document-id", "Le uniqueId de la fiche d’un document CDA est son identifiant.", "The uniqueId of the entry of a CDA document is its identifier."),
    must("document-patient", "Le patient d’un document CDA est celui de sa fiche.", "The patient of a CDA document is that of its entry."),
    must("subset-names", "Les noms du SUBSET suivent la règle 8.3 : A–Z, 0–9, _.", "Names of the SUBSET keep the rule 8.3: A–Z, 0–9, _."),
)  # fmt: skip
METADATA_RULES = SUBMISSION_RULES | ENTRY_OBJECT_RULES | DOCUMENT_RULES
