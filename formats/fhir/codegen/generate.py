"""The source of the straight-line functions of a description."""

from __future__ import annotations

from formats.fhir.codegen import record_rules  # noqa: F401 – rules are known once they are loaded
from formats.fhir.codegen.names import Names
from formats.fhir.codegen.readers import reader_source
from formats.fhir.codegen.writers import writer_source
from formats.fhir.resources import Resource


def source_of(function: str, resource: Resource, names: Names) -> str:
    """Return the source of ``write`` or ``read`` for ``resource``; what it calls by name is added to ``names``."""
    generate = {"write": writer_source, "read": reader_source}[function]
    return generate(resource, names)
