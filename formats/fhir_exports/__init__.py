"""FHIR R4 as other programs export it, read as a source: bundles, single resources, and resources line by line."""
