"""One dossier as FHIR R4 JSON, written and read back without loss."""
