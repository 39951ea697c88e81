"""FHIR R4 for other programs: document bundles and NDJSON in the terms of FR Core, IPS and HL7's dental exchange."""
