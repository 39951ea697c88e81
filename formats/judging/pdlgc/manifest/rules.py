"""Rules of MANIFEST.XML (PDLGC §4)."""

from __future__ import annotations

from formats.judging.pdlgc.profiles import NEW, WITH_XML
from formats.judging.rules import must, remark, rule_table
from formats.words import Words

XML = WITH_XML
_TWO_FORMS = "Le guide se contredit : les deux formes sont admises."
_BOTH = "The guide contradicts itself: both forms are taken."
STATEMENT_RULES = rule_table(
    "PDLGC §4",
    must("manifest-well-formed", "MANIFEST.XML est du XML bien formé, sans DTD.", "MANIFEST.XML is well-formed XML without a DTD.", profiles=XML),
    must(
        "manifest-names",
        "Chaque élément porte le nom et la place que le modèle lui donne.",
        "Every element has the name and the place that the model gives it.",
        Words(
            "Juillet : editeurSortant, décomptes à la racine, Archive sous Manifest. Ils sont lus, et dits.",
            "July: editeurSortant, counts at the root, Archive below Manifest. They are read, and named.",
        ),
        profiles=NEW,
    ),
    remark("manifest-unknown", "Aucun élément n’est étranger au modèle.", "No element is foreign to the model.", profiles=NEW),
    must("manifest-export-id", "exportId : un, non vide.", "exportId: one, not empty.", profiles=XML),
    must("manifest-export-type", "exportType : un, UNITAIRE, CIBLE ou MASSIF.", "exportType: one, UNITAIRE, CIBLE or MASSIF.", profiles=XML),
    must("manifest-export-status", "exportStatus : un, COMPLETE, PARTIAL ou SAMPLE.", "exportStatus: one, COMPLETE, PARTIAL or SAMPLE.", profiles=XML),
    must("manifest-period", "exportStartTime et exportEndTime : au plus un, dateTime, le début avant la fin.", "exportStartTime and exportEndTime: one at most, dateTime, the start before the end.", profiles=XML),
    remark("manifest-period-use", "Une période ne se dit que d’un export CIBLE.", "A period is stated of a CIBLE export only.", profiles=XML),
    must("manifest-comments", "comments : au plus un.", "comments: one at most.", profiles=XML),
    must("manifest-author", "author : un, avec un lgcSoftwareVendor et un lgcSystem.", "author: one, with one lgcSoftwareVendor and one lgcSystem.", profiles=NEW),
    must("manifest-institution", "institution : une, non vide.", "institution: one, not empty.", profiles=XML),
    must("manifest-institution-form", "institution est un XON : NOM^^^^^&OID&ISO^TYPE^^^identifiant.", "institution is an XON: NAME^^^^^&OID&ISO^TYPE^^^identifier.", profiles=NEW),
    must("manifest-contact", "contact : un, avec un name.", "contact: one, with one name.", profiles=NEW),
    must("manifest-telecom", "telecom : au moins un, type TEL, EMAIL ou FAX, et value.", "telecom: at least one, type TEL, EMAIL or FAX, and value.", profiles=NEW),
    must("manifest-system", "lgcSystem est un XCN : identifiant^nom et version^modèle^^^^^^&1.2.250.1.71.4.2.1&ISO^U^^^RI.", "lgcSystem is an XCN: identifier^name and version^model^^^^^^&1.2.250.1.71.4.2.1&ISO^U^^^RI.", profiles=NEW),
    remark(
        "manifest-system-components",
        "lgcSystem a tous les composants d’un XCN.",
        "lgcSystem has all components of an XCN.",
        Words(f"{_TWO_FORMS} L’exemple du guide a un composant de moins que le type qu’il décrit (§10.5).", f"{_BOTH} The example of the guide has one component less than the type it describes (§10.5)."),
        profiles=NEW,
    ),
    remark(
        "manifest-system-id",
        "SystIdNat suit l’invariant ^(0|3|4|5|6)\\d*$.",
        "SystIdNat keeps the invariant ^(0|3|4|5|6)\\d*$.",
        Words(f"{_TWO_FORMS} L’invariant refuse les exemples du guide (3750100125/88) et son texte, qui admet 1 et 8 (§10.2, §10.3).", f"{_BOTH} The invariant refuses the examples of the guide (3750100125/88) and its text, which allows 1 and 8 (§10.2, §10.3)."),
        profiles=NEW,
    ),
    must("manifest-counts", "statistics : un patientArchiveCount et un transverseArchiveCount, entiers positifs.", "statistics: one patientArchiveCount and one transverseArchiveCount, positive integers.", profiles=XML),
    remark(
        "manifest-transverse-none",
        "transverseArchiveCount vaut au moins 1.",
        "transverseArchiveCount is at least 1.",
        Words(f"{_TWO_FORMS} positiveInt exclut 0, mais l’export d’un seul patient n’a ni agenda ni traces à y mettre (§10.1).", f"{_BOTH} positiveInt excludes 0, but the export of one patient has neither agenda nor traces to put there (§10.1)."),
        profiles=XML,
    ),
)  # fmt: skip
ENTRY_RULES = rule_table(
    "PDLGC §4",
    must("manifest-archives", "Archives contient au moins une Archive.", "Archives holds at least one Archive.", profiles=XML),
    must("manifest-archive-id", "archiveid : un, PATnnnnn ou TRANSV, jamais deux fois le même.", "archiveid: one, PATnnnnn or TRANSV, none twice.", profiles=XML),
    must("manifest-archive-type", "type : un, PATIENT ou TRANSVERSE, en capitales, d’accord avec archiveid.", "type: one, PATIENT or TRANSVERSE, in capitals, in agreement with archiveid.",
         Words("L’exemple du guide, et juillet, écrivent Patient et Transverse ; le code est en capitales.", "The example of the guide, and July, write Patient and Transverse; the code is in capitals."), profiles=NEW),
    must("manifest-patient-id", "patientId est là si, et seulement si, type est PATIENT.", "patientId is there if, and only if, type is PATIENT.", profiles=XML),
    must("manifest-patient-id-form", "patientId est un CX : valeur^^^&OID&ISO^NH pour l’INS, sinon ^PI.", "patientId is a CX: value^^^&OID&ISO^NH for the INS, else ^PI.", profiles=NEW),
    must("manifest-ins", "Un INS vient d’une autorité d’affectation connue et sa clé est juste.", "An INS is of a known assigning authority, and its key is right.", profiles=NEW),
    remark("manifest-ins-length", "Un INS a ses 15 chiffres.", "An INS has its 15 digits.",
           Words(f"{_TWO_FORMS} Les exemples ont 13 chiffres, ou 15 avec la clé (§10.7).", f"{_BOTH} The examples have 13 digits, or 15 with the key (§10.7)."), profiles=NEW),
    remark("manifest-ins-test", "Aucun INS n’est de test ou de démonstration.", "No INS is one of tests or demonstrations.", profiles=NEW),
    remark("manifest-patient-twice", "Chaque patient n’a qu’une archive.", "Every patient has one archive only.", profiles=NEW),
    must("manifest-size", "size : un, la longueur en octets de l’archive.", "size: one, the length of the archive in bytes.", profiles=XML),
    must("manifest-hash", "hash : un, le SHA-256 de l’archive, en hexadécimal.", "hash: one, the SHA-256 of the archive, in hexadecimal.", profiles=XML),
    must("manifest-listed", "Chaque archive listée est là.", "Every archive that is listed is there.", profiles=XML),
    must("manifest-complete", "Chaque archive présente est listée.", "Every archive that is there is listed.", profiles=XML),
    must("manifest-count-equal", "Les décomptes de statistics sont ceux des archives présentes.", "The counts of statistics are those of the archives that are there.", profiles=XML),
)  # fmt: skip
MANIFEST_RULES = STATEMENT_RULES | ENTRY_RULES
