"""Judging a FHIR bundle by the R4B definitions, without the writer's or the reader's logic.

1. Every resource satisfies its R4B model (``fhir.resources``): names, types, cardinalities, formats.
2. What that library leaves out: required codes are of their value set, references lead to
   types that are allowed there, texts are not blank, extensions say something.
3. Every resource has its own identity and full URL.
4. Every reference to another resource leads to one in the bundle. Logical references (an
   identifier instead of an address) lead outside on purpose and are not followed.

Not checked: invariants written in FHIRPath, and extensible or preferred value sets.

It judges in tests only: ``fhir.resources`` and pydantic are no dependencies of the program, whose reader
has its own structural checks (``formats.fhir.elements``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, BinaryIO

from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from formats.fhir.elements import Element
from formats.fhir.layout import read_bundle_entries

MAX_FAULTS = 50
"""Faults named for one resource; more of them say nothing new."""

_BLANK = re.compile(r"\s*")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What the resource at ``where`` (its place in the bundle) has against R4B: the kind, and a sentence."""

    code: str
    where: str
    text: str


def judge_bundle(source: BinaryIO) -> Iterator[Fault]:
    """Yield what is wrong with the bundle ``source``; nothing, when it is valid.

    Raises:
        FormatFailure, LimitExceeded: when it cannot be taken apart at all.
    """
    addresses: set[str] = set()
    wanted: dict[str, str] = {}
    for place, entry in read_bundle_entries(source):
        resource: Element = entry["resource"]
        yield from judge_resource(resource, place)
        for address in (f"{resource['resourceType']}/{resource.get('id')}", entry.get("fullUrl")):
            if address in addresses:
                yield Fault(
                    code="address-twice", where=place, text=f"The address {_short(address)} is used twice."
                )
            if isinstance(address, str):
                addresses.add(address)
        for reference in references(resource):
            wanted.setdefault(reference, place)
    for reference, place in wanted.items():
        if reference not in addresses:
            sentence = f"The reference {_short(reference)} leads nowhere in this bundle."
            yield Fault(code="reference-unresolved", where=place, text=sentence)


def judge_resource(resource: Element, where: str = "") -> Iterator[Fault]:
    """Yield what in ``resource`` R4B does not allow; decimals may be ``Decimal``."""
    name = _short(resource.get("resourceType"))
    model = _model(name)
    if model is None:
        yield Fault(code="type-unknown", where=where, text=f"R4B has no resource {name}.")
        return
    try:
        instance = model.model_validate(resource)
    except ValidationError as faults:
        for fault in faults.errors(include_url=False, include_input=False)[:MAX_FAULTS]:
            yield _invalid(where, ".".join(map(str, fault["loc"])), fault["msg"])
        return
    for element, reason in islice(_strict(instance, ""), MAX_FAULTS):
        yield _invalid(where, element, reason)


@cache
def _model(name: str) -> Any:
    """Return the R4B model of the resource ``name``, or nothing."""
    try:
        model = get_fhir_model_class(name)
    except (LookupError, ValueError, AttributeError, ImportError):
        return None
    return model if model.has_resource_base() else None


def references(node: Any) -> Iterator[str]:
    """Yield every literal reference below ``node`` that must lead to a resource of the same bundle."""
    if isinstance(node, dict):
        reference = node.get("reference")
        if isinstance(reference, str) and not reference.startswith(("#", "http:", "https:")):
            yield reference
        node = list(node.values())
    for inner in node if isinstance(node, list) else ():
        if isinstance(inner, dict | list):
            yield from references(inner)


def _strict(model: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield the faults that ``fhir.resources`` lets pass, with the element they are in."""
    known = type(model).model_fields
    for name in sorted(model.model_fields_set & known.keys()):
        value_of_field, info = getattr(model, name), known[name]
        element = f"{path}.{info.alias or name}" if path else str(info.alias or name)
        facts: dict[str, Any] = info.json_schema_extra or {}
        for value in value_of_field if isinstance(value_of_field, list) else (value_of_field,):
            if hasattr(type(value), "model_fields"):
                yield from _strict(value, element)
                yield from _wrong_target(value, facts, element)
            elif isinstance(value, str):
                yield from _wrong_text(value, facts, element)
    if type(model).__name__ == "Extension" and not model.extension and not _valued(model):
        yield path, "an extension says nothing"


def _valued(model: Any) -> bool:
    return any(name.startswith("value") for name in model.model_fields_set)


def _wrong_target(value: Any, facts: dict[str, Any], element: str) -> Iterator[tuple[str, str]]:
    allowed = facts.get("enum_reference_types")
    reference = getattr(value, "reference", None)
    if not allowed or "Resource" in allowed or not isinstance(reference, str) or "/" not in reference:
        return
    if reference.split("/")[-2] not in allowed:
        yield element, "this type of resource is not allowed here"


def _wrong_text(value: str, facts: dict[str, Any], element: str) -> Iterator[tuple[str, str]]:
    if _BLANK.fullmatch(value):
        yield element, "the text is blank"
    if _CONTROL.search(value):
        yield element, "the text holds a control character"
    words = facts.get("enum_values")
    if words and "+" not in words and value not in words:
        yield element, "the code is not in its value set"


def _invalid(where: str, element: str, reason: str) -> Fault:
    return Fault(
        code="invalid", where=where, text=f"The element {_short(element)} is not valid: {_short(reason)}."
    )


def _short(text: object) -> str:
    return str(text)[:200]
