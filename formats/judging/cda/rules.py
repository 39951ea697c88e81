"""Rules of clinical documents (CI-SIS *Structuration minimale*, *Volet de synthèse médicale*), and ours on top."""

from __future__ import annotations

from formats.judging.rules import must, outside_rule, remark, rule_table
from formats.words import Words

HOLE = Words("Aucun schematron officiel ne le voit.", "No official schematron sees it.")
HEADER_RULES = rule_table(
    "CI-SIS, Structuration minimale",
    must("cda-xml", "Le document est du XML bien formé, sans DTD, et un ClinicalDocument.", "The document is well-formed XML without a DTD, and a ClinicalDocument."),
    must("cda-order", "Les éléments de l’en-tête suivent l’ordre du schéma de CDA.", "Elements of the header keep the order of the schema of CDA."),
    must("cda-type", "realmCode FR, typeId POCD_HD000040.", "realmCode FR, typeId POCD_HD000040."),
    must("cda-templates", "templateId de HL7 France et du CI-SIS.", "templateIds of HL7 France and of the CI-SIS."),
    must("cda-id", "Un id, dont root est un OID ou un UUID.", "One id, the root of which is an OID or a UUID."),
    must("cda-code", "Un code, avec codeSystem et displayName.", "One code, with codeSystem and displayName."),
    must("cda-title", "Un titre.", "A title."),
    must("cda-time", "effectiveTime : à la seconde, avec le fuseau.", "effectiveTime: to the second, with its zone."),
    must("cda-confidentiality", "confidentialityCode N, R ou V (2.16.840.1.113883.5.25).", "confidentialityCode N, R or V (2.16.840.1.113883.5.25)."),
    must("cda-language", "languageCode fr-FR.", "languageCode fr-FR.", HOLE),
    must("cda-version", "setId et versionNumber, un entier à partir de 1.", "setId and versionNumber, an integer from 1 on."),
    must("cda-patient", "Un recordTarget, avec au moins un id dont root est un OID.", "One recordTarget, with at least one id the root of which is an OID."),
    must("cda-ins", "Un INS est sous une autorité d’affectation connue et sa clé est juste.", "An INS is under a known assigning authority, and its key is right.", HOLE),
    remark("cda-ins-missing", "Le patient a un INS.", "The patient has an INS.", HOLE),
    remark("cda-ins-test", "L’INS n’est pas de test ou de démonstration.", "The INS is none of tests or demonstrations."),
    must("cda-traits", "Nom et prénom de naissance, sexe, date de naissance.", "Birth name and given name, sex, birth date."),
    must("cda-birth-place", "Avec un INS, le lieu de naissance, par son code INSEE.", "With an INS, the birth place, by its INSEE code."),
    must("cda-author", "Au moins un auteur : time, id, et pour une personne son nom et sa profession (1.2.250.1.213.1.1.4.5).", "At least one author: time, id, and of a person the name and profession (1.2.250.1.213.1.1.4.5)."),
    must("cda-custodian", "Un custodian, avec son identifiant (1.2.250.1.71.4.2.2) et son nom.", "One custodian, with identifier (1.2.250.1.71.4.2.2) and name."),
    must("cda-legal", "Un legalAuthenticator : time, signatureCode S, assignedEntity avec id.", "One legalAuthenticator: time, signatureCode S, assignedEntity with an id."),
    must("cda-service", "Au moins un documentationOf/serviceEvent, avec son début et un performer.", "At least one documentationOf/serviceEvent, with its start and a performer."),
    must("cda-encounter", "Un componentOf, avec le cadre d’exercice (healthCareFacility, 1.2.250.1.71.4.2.4).", "One componentOf, with the setting (healthCareFacility, 1.2.250.1.71.4.2.4)."),
    must("cda-body", "Un corps : structuredBody avec des sections, ou nonXMLBody.", "One body: structuredBody with sections, or nonXMLBody."),
    must("cda-references", "Chaque référence au texte (#…) y mène, et aucun ID n’est donné deux fois.", "Every reference to the text (#…) leads there, and no ID is given twice.", HOLE),
    must("cda-wrapped", "Un fichier emballé (niveau 1) est en base64, sous le modèle 1.3.6.1.4.1.19376.1.2.20, et est ce que dit mediaType.", "A wrapped file (level 1) is in base64, under the template 1.3.6.1.4.1.19376.1.2.20, and is what mediaType says."),
    outside_rule("cda-schema", "Le document est valable selon le schéma de l’ANS (CDA_extended.xsd).", "The document is valid by the schema of the ANS (CDA_extended.xsd).", Words("Avec --schemas : ils ne sont pas livrés ici.", "With --schemas: they are not shipped here.")),
    outside_rule("cda-schematron", "Le document passe les schematrons de l’ANS.", "The document passes the schematrons of the ANS.", Words("Avec --schematrons : ils ne sont pas livrés ici.", "With --schematrons: they are not shipped here.")),
)  # fmt: skip
SUMMARY_RULES = rule_table(
    "CI-SIS, VSM",
    must("vsm-code", "code SYNTH (1.2.250.1.213.1.1.4.12).", "code SYNTH (1.2.250.1.213.1.1.4.12)."),
    must("vsm-service", "serviceEvent de code 34117-2 (LOINC).", "serviceEvent of code 34117-2 (LOINC).", Words("La règle est dans les deux schematrons et ne s’exécute jamais.", "The rule is in both schematrons and never runs.")),
    must("vsm-attending", "Le médecin traitant (functionCode PCP) est participant INF, ou l’auteur.", "The attending physician (functionCode PCP) is a participant INF, or the author.", Words("La règle est dans les deux schematrons et ne s’exécute jamais.", "The rule is in both schematrons and never runs.")),
    must("vsm-sections", "Sections : pathologies et risques (avec leurs deux sous-sections), résultats, traitements au long cours ; chacune une fois.", "Sections: problems and risks (with their two subsections), results, long-term treatment; each once."),
    must("vsm-section-codes", "Chaque section connue porte le code LOINC de son modèle.", "Every known section has the LOINC code of its template."),
    must("vsm-section-text", "Chaque section a un titre, et un texte ou des sous-sections.", "Every section has a title, and a text or subsections."),
    must("vsm-statements", "Chaque énoncé d’un problème ou d’une allergie : un id, statusCode completed, un début (ou nullFlavor), une valeur.", "Every statement of a problem or an allergy: one id, statusCode completed, a start (or nullFlavor), one value."),
    must("vsm-allergy-code", "Une allergie est codée en SNOMED CT.", "An allergy is coded in SNOMED CT."),
    must("vsm-absent", "Une absence (2.16.840.1.113883.5.1150.1) a un code connu.", "An absence (2.16.840.1.113883.5.1150.1) has a known code."),
)  # fmt: skip
CLINICAL_RULES = HEADER_RULES | SUMMARY_RULES
