"""Addresses, names and terms of CSIP, SIP and CITS eHealth1, and the notes that stand in a package."""

from __future__ import annotations

from collections.abc import Mapping

METS = "METS.xml"
REPRESENTATION = "rep1"
"""Name of the one representation: the dossiers as they were opened."""
ROOT_PROFILE = "https://citsehealth1.dilcis.eu/profile/E-ARK-eHealth1-ROOT.xml"
REPRESENTATION_PROFILE = "https://citsehealth1.dilcis.eu/profile/E-ARK-eHealth1-REPRESENTATION.xml"
CATEGORY = "OTHER"
"""``mets/@TYPE`` (EHR2); CSIP's own vocabulary writes it ``Other``."""
OTHER_CATEGORY = "Patient Medical Records"
CONTENT_TYPE = "citsehpj_v2_0"
STRUCTURE = "eHealth1"
"""``LABEL`` of the structural map of a representation (EH30)."""

NAMESPACES: Mapping[str, str] = {
    "xmlns:mets": "http://www.loc.gov/METS/",
    "xmlns:csip": "https://DILCIS.eu/XML/METS/CSIPExtensionMETS",
    "xmlns:xlink": "http://www.w3.org/1999/xlink",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": (
        "http://www.loc.gov/METS/ http://www.loc.gov/standards/mets/mets.xsd "
        "http://www.w3.org/1999/xlink http://www.loc.gov/standards/mets/xlink.xsd "
        "https://DILCIS.eu/XML/METS/CSIPExtensionMETS https://earkcsip.dilcis.eu/schema/DILCISExtensionMETS.xsd"
    ),
}

FHIR_JSON = "application/fhir+json"
PATIENTS = "metadata/descriptive/patients.json"
"""The patients of the package: a FHIR R4 Bundle of Patient resources (EHR12)."""
PROVENANCE = "metadata/preservation/premis.xml"
NOTE = "documentation/README.TXT"
SCHEMAS = "schemas/SCHEMAS.TXT"

NOTE_TEXT = """\
This is an E-ARK submission package (SIP), CITS eHealth1 2.0.1, of the records of a dental practice.
It is not encrypted: it names patients. Handle it as medical records.

metadata/descriptive/patients.json        the patients (FHIR R4 Bundle of Patient)
representations/rep1/data/PATIENT/CASE    one folder for each dossier
  Document_00001/dossier.json             the whole dossier (FHIR R4 Bundle)
  Document_00001/source-rows.ndj          rows of the source that nothing understood, word for word
  Document_.....                          letters, forms, radiographs, photographs: the files unchanged
representations/rep1/metadata/descriptive diagnoses, problems and risks of each patient (FHIR R4 Bundle of Condition)
METS.xml of package and representation    every file with SHA-256, size, original name and place
"""
SCHEMAS_TEXT = """\
The schemas of this package are public and not copied into it:
METS 1.12.1        http://www.loc.gov/standards/mets/mets.xsd
E-ARK CSIP         https://earkcsip.dilcis.eu/schema/DILCISExtensionMETS.xsd
PREMIS 3           http://www.loc.gov/standards/premis/v3/premis.xsd
HL7 FHIR R4        http://hl7.org/fhir/R4/
"""
