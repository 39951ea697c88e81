"""Words of the model as codes: FHIR's own, standard ones, ours, and those of the source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from formats.fhir.codes import Coding, Table
from formats.fhir.elements import Element, enter, object_at, objects_at, unknown_element
from formats.fhir.exact import put_primitive, take_or
from formats.fhir.primitives import CODE, URI
from formats.mapping.parts import FieldPart, FoundFields, OneField


@dataclass(frozen=True, slots=True)
class Choice(OneField):
    """A word of the model as a FHIR ``code`` at ``path``.

    Where several words share a code, or FHIR has none (``None``), the word itself
    travels in the extension ``exact``. ``reads`` says what codes of others mean;
    ``otherwise`` is the word for codes nobody listed.
    """

    path: str
    codes: Mapping[Any, str | None]
    exact: str = ""
    reads: Mapping[str, StrEnum] | None = None
    otherwise: StrEnum | None = None

    def tell(self, record: Any, node: Element) -> None:
        word = getattr(record, self.field)
        code = self.codes[word]
        if code is not None:
            put_primitive(*enter(node, self.path), CODE, code)
        if self.meaning(code) != word:
            put_primitive(*enter(node, f"~{self.exact}"), CODE, word.value)

    def take(self, node: Element) -> FoundFields:
        exact = take_or(node, f"~{self.exact}", CODE, "") if self.exact else ""
        word = next((word for word in self.codes if word.value == exact), None)
        word = word or self.meaning(take_or(node, self.path, CODE, None))
        return {} if word is None else {self.field: word}

    def meaning(self, code: str | None) -> StrEnum | None:
        """Return the word that ``code`` alone says."""
        if self.reads and code in self.reads:
            return self.reads[code or ""]
        return next((word for word, known in self.codes.items() if known == code), self.otherwise)


@dataclass(frozen=True, slots=True)
class Concept(OneField):
    """A word of the model as a CodeableConcept at ``path``; one without a code is said to be unknown."""

    path: str
    table: Table
    otherwise: StrEnum | None = None

    def tell(self, record: Any, node: Element) -> None:
        word = getattr(record, self.field)
        if word is None:
            return
        concept, key = enter(node, f"{self.path}.coding")
        if codings := self.table.get(word):
            concept[key] = [coding_of(coding) for coding in codings]
        else:
            concept.update(unknown_element())

    def take(self, node: Element) -> FoundFields:
        word = meaning(objects_at(node, f"{self.path}.coding"), self.table) or self.otherwise
        return {} if word is None else {self.field: word}


@dataclass(frozen=True, slots=True)
class CodedField(OneField):
    """A word of the model as a single Coding at ``path``."""

    path: str
    table: Table
    otherwise: StrEnum | None = None

    def tell(self, record: Any, node: Element) -> None:
        word = getattr(record, self.field)
        if word is not None:
            parent, key = enter(node, self.path)
            parent[key] = coding_of(self.table[word][0])

    def take(self, node: Element) -> FoundFields:
        coding = object_at(node, self.path)
        word = (meaning([coding], self.table) if coding else None) or self.otherwise
        return {} if word is None else {self.field: word}


def coding_of(coding: Coding) -> Element:
    """Return ``coding`` as FHIR writes it."""
    element: Element = {"system": coding.system, "code": coding.code}
    if coding.display:
        element["display"] = coding.display
    return element


def concept(*codings: Coding) -> Element:
    """Return a CodeableConcept of ``codings``."""
    return {"coding": [coding_of(coding) for coding in codings]}


def meaning(codings: list[Element], table: Table) -> StrEnum | None:
    """Return the word that ``codings`` say: by the deciding codes of ``table``, else by the others."""
    for deciding in (True, False):
        for word, known in table.items():
            accepted = known[:1] if deciding else known[1:]
            if any(
                coding.get("system") == choice.system and coding.get("code") == choice.code
                for coding in codings
                for choice in accepted
            ):
                return word
    return None


@dataclass(frozen=True, slots=True)
class SourceCode(FieldPart):
    """A code of the source with its system, as the Coding of the CodeableConcept at ``path``.

    Codings added for other readers say ``userSelected: false`` and are not the source's.
    """

    system: str
    code: str
    path: str

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(name for name in (self.system, self.code) if name)

    def tell(self, record: Any, node: Element) -> None:
        system = getattr(record, self.system) if self.system else ""
        code = getattr(record, self.code)
        if not system and not code:
            return
        coding: Element = {}
        if system:
            put_primitive(coding, "system", URI, system)
        if code:
            put_primitive(coding, "code", CODE, code)
        parent, key = enter(node, f"{self.path}.coding")
        parent.setdefault(key, []).insert(0, coding)

    def take(self, node: Element) -> FoundFields:
        codings = objects_at(node, f"{self.path}.coding")
        coding: Element = next((one for one in codings if one.get("userSelected") is not False), {})
        found = {self.code: take_or(coding, "code", CODE, "")}
        if self.system:
            found[self.system] = take_or(coding, "system", URI, "")
        return found
