"""Judging a FHIR bundle by the R4B definitions, without the writer's or the reader's logic.

1. Every resource satisfies its R4B model (``fhir.resources``): names, types, cardinalities, formats.
2. What that library leaves out: required codes are of their value set, references lead to
   types that are allowed there, texts are not blank, extensions say something.
3. Every resource has its own identity and full URL.
4. Every reference to another resource leads to one in the bundle. Logical references (an
   identifier instead of an address) lead outside on purpose and are not followed.

Not checked: invariants written in FHIRPath, and extensible or preferred value sets.
``fhir.resources`` is loaded on first use: it takes as long as writing a large dossier.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, BinaryIO

from formats.fhir.elements import Element
from formats.fhir.layout import read_entries
from formats.findings import Finding, Severity
from formats.words import mark

MAX_FAULTS = 50
"""Faults named for one resource; more of them say nothing new."""

_BLANK = re.compile(r"\s*")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def check_bundle(source: BinaryIO) -> Iterator[Finding]:
    """Yield what is wrong with the bundle ``source``; nothing, when it is valid.

    Raises:
        FormatFailure, LimitExceeded: when it cannot be taken apart at all.
    """
    addresses: set[str] = set()
    wanted: dict[str, str] = {}
    for place, entry in read_entries(source):
        resource: Element = entry["resource"]
        yield from validate_resource(resource, place)
        for address in (f"{resource['resourceType']}/{resource.get('id')}", entry.get("fullUrl")):
            if address in addresses:
                sentence = mark("The address {address} is used twice.")
                yield _fault("fhir-address-twice", place, sentence, address=_short(address))
            if isinstance(address, str):
                addresses.add(address)
        for reference in references(resource):
            wanted.setdefault(reference, place)
    for reference, place in wanted.items():
        if reference not in addresses:
            sentence = mark("The reference {reference} leads nowhere in this bundle.")
            yield _fault("fhir-reference-unresolved", place, sentence, reference=_short(reference))


def validate_resource(resource: Element, where: str = "") -> Iterator[Finding]:
    """Yield what in ``resource`` R4B does not allow; decimals may be ``Decimal``.

    Measured on a two-core machine: 1 to 2 ms a resource, 50 ms for a full periodontal chart;
    ten to twenty times what writing costs, so exporting does not do it unasked.
    """
    from pydantic import ValidationError  # noqa: PLC0415 – heavy, and needed here only

    model = _model(str(resource.get("resourceType")))
    if model is None:
        sentence = mark("R4B has no resource {type}.")
        yield _fault("fhir-type-unknown", where, sentence, type=_short(resource.get("resourceType")))
        return
    try:
        held = model.model_validate(resource)
    except ValidationError as faults:
        for fault in faults.errors(include_url=False, include_input=False)[:MAX_FAULTS]:
            element = ".".join(map(str, fault["loc"]))
            sentence = mark("The element {element} is not valid: {reason}.")
            yield _fault(
                "fhir-invalid", where, sentence, element=_short(element), reason=_short(fault["msg"])
            )
        return
    for count, (element, reason) in enumerate(_strict(held, "")):
        if count < MAX_FAULTS:
            sentence = mark("The element {element} is not valid: {reason}.")
            yield _fault("fhir-invalid", where, sentence, element=_short(element), reason=reason)


@cache
def _model(name: str) -> Any:
    """Return the R4B model of the resource ``name``, or nothing."""
    from fhir.resources.R4B import get_fhir_model_class  # noqa: PLC0415 – heavy, and needed here only

    try:
        model = get_fhir_model_class(name)
    except (LookupError, ValueError, AttributeError, ImportError):
        return None
    return model if model.has_resource_base() else None


def references(node: Any) -> Iterator[str]:
    """Yield every literal reference below ``node`` that must lead to a resource of the same bundle."""
    if isinstance(node, dict):
        held = node.get("reference")
        if isinstance(held, str) and not held.startswith(("#", "http:", "https:")):
            yield held
        node = list(node.values())
    for inner in node if isinstance(node, list) else ():
        if isinstance(inner, dict | list):
            yield from references(inner)


def _strict(model: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield the faults that ``fhir.resources`` lets pass, with the element they are in."""
    known = type(model).model_fields
    for name in sorted(model.model_fields_set & known.keys()):
        held, info = getattr(model, name), known[name]
        element = f"{path}.{info.alias or name}" if path else str(info.alias or name)
        facts: dict[str, Any] = info.json_schema_extra or {}
        for value in held if isinstance(held, list) else (held,):
            if hasattr(type(value), "model_fields"):
                yield from _strict(value, element)
                yield from _wrong_target(value, facts, element)
            elif isinstance(value, str):
                yield from _wrong_text(value, facts, element)
    if type(model).__name__ == "Extension" and not model.extension and not _valued(model):
        yield path, mark("an extension says nothing")


def _valued(model: Any) -> bool:
    return any(name.startswith("value") for name in model.model_fields_set)


def _wrong_target(value: Any, facts: dict[str, Any], element: str) -> Iterator[tuple[str, str]]:
    allowed = facts.get("enum_reference_types")
    reference = getattr(value, "reference", None)
    if not allowed or "Resource" in allowed or not isinstance(reference, str) or "/" not in reference:
        return
    if reference.split("/")[-2] not in allowed:
        yield element, mark("this type of resource is not allowed here")


def _wrong_text(value: str, facts: dict[str, Any], element: str) -> Iterator[tuple[str, str]]:
    if _BLANK.fullmatch(value):
        yield element, mark("the text is blank")
    if _CONTROL.search(value):
        yield element, mark("the text holds a control character")
    words = facts.get("enum_values")
    if words and "+" not in words and value not in words:
        yield element, mark("the code is not in its value set")


def _fault(code: str, where: str, sentence: str, **facts: str | int) -> Finding:
    return Finding(severity=Severity.ERROR, code=code, where=where, sentence=sentence, facts=facts)


def _short(text: object) -> str:
    return str(text)[:200]
