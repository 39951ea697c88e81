"""Readers: straight-line functions that read records of one description, as we write them.

``READERS`` says of each part where it looks. A reader judges nothing: what it has read is
written again, and only a record that gives the same line was read. So it may take for
granted whatever that line shows.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

from formats.fhir import extensions
from formats.fhir.codegen import plain
from formats.fhir.codegen.names import DistinctNames, Names, as_block
from formats.fhir.codegen.read_tree import ReadTree, Use
from formats.fhir.codegen.rules import Rules
from formats.fhir.codes import Table
from formats.fhir.decimals import CENTS
from formats.fhir.elements import steps
from formats.fhir.exact import Primitive
from formats.fhir.groups import ExtensionField, Many
from formats.fhir.parts import Amount, Outside, RepeatedField, Sole, Span, Value, Values
from formats.fhir.primitives import DAY, TEXT
from formats.fhir.resources import Resource
from formats.fhir.vocabulary import Choice, CodedField, Concept, SourceCode
from formats.fhir.write_only import FixedValue, JoinedTexts, Observer, RequiredElement, WriteOnly
from formats.mapping.absence import ABSENT
from formats.mapping.parts import FieldPart, ImpliedField, LeftOut
from formats.mapping.values import NestedField, ValueMapping

RESERVED = ("node", "url", "type", "use")
"""Variables that every reader may have."""


class ReaderSource(DistinctNames):
    """The source of one function, as the parts of a mapping are added one by one."""

    def __init__(self, names: Names, mapping: ValueMapping) -> None:
        super().__init__(RESERVED)
        self.names = names
        self.node = ReadTree()
        self._mapping = mapping
        self._defaults: list[str] = []
        self._ending: list[str] = []
        self._variables: dict[str, str] = {}

    def field(self, name: str, otherwise: Any = None) -> str:
        """Return the variable of a field that is ``otherwise``, or its default, where nothing says it."""
        declared = next(one for one in fields(self._mapping.made) if one.name == name)
        default = declared.default if otherwise is None else otherwise
        self._variables[name] = self.variable(name)
        shown = repr(default) if type(default) in {type(None), str, int, bool, tuple} else ""
        value = (
            self.names.of(ABSENT, "ABSENT")
            if default is MISSING
            else shown or self.names.of(default, "DEFAULT")
        )
        self._defaults.append(f"{self._variables[name]} = {value}")
        return self._variables[name]

    def use(self, path: str, use: Use) -> None:
        """Do something with the element at ``path``."""
        self.node.at(steps(path)).uses.append(use)

    def assign(self, path: str, variable: str, primitive: Primitive[Any]) -> None:
        """Let ``variable`` be the primitive at ``path``."""
        self.use(path, lambda raw: f"{variable} = {self.value_of(primitive, raw)}")

    def value_of(self, primitive: Primitive[Any], raw: str) -> str:
        """Return the expression that reads ``raw`` as ``primitive``."""
        convert = plain.reader_of(primitive)
        return f"{self.names.of(convert, f'read_{primitive.name}')}({raw})" if convert else raw

    def known(self, field: str, value: Any) -> None:
        """Let ``field`` be ``value``."""
        self._variables[field] = self.names.of(value, f"{field.upper()}_KNOWN")

    def take(self, part: FieldPart) -> None:
        """Let ``part`` take its fields from the node as it is."""
        found = self.variable("found")
        taken = [
            f"{self.field(name)} = {found}.get('{name}', {self._variables[name]})" for name in part.fields
        ]
        self._ending += [f"{found} = {self.names.of(part.take, 'take')}(node)", *taken]

    def within(self, name: str, mapping: ValueMapping) -> None:
        """Read a value that is spread over the same object."""
        before = self._mapping, self._variables, self._ending
        self._mapping, self._variables, self._ending = mapping, {}, []
        self.add()
        made, ending = self._made(), self._ending
        self._mapping, self._variables, self._ending = before
        self._variables[name] = self.variable(name)
        self._ending += [*ending, f"{self._variables[name]} = {made}"]

    def add(self) -> None:
        """Add every part of the mapping."""
        READERS.apply(self._mapping, self)

    def _made(self) -> str:
        """Return the expression that makes the value; one that lacks a field is not made."""
        made = self.names.of(self._mapping.made, self._mapping.made.__name__)
        return f"{made}({', '.join(f'{name}={value}' for name, value in self._variables.items())})"

    def function(self, name: str) -> str:
        """Return the source of the function."""
        made = self._made()
        missing = [line.split(" = ")[0] for line in self._defaults if line.endswith(" = ABSENT")]
        refuse = (
            [f"if {' or '.join(f'{one} is ABSENT' for one in missing)}:", "    raise NotPlain"]
            if missing
            else []
        )
        self.names.of(plain.NotPlain, "NotPlain")
        body = [*self._defaults, *self.node.statements("node", self.variable), *self._ending, *refuse]
        return "\n".join([f"def {name}(node):", *as_block([*body, f"return {made}"]), ""])


def reader_source(resource: Resource, names: Names) -> str:
    """Return the source of ``read(node)``, which returns the record of a resource as JSON holds it.

    Numbers with a point come as their text. What it calls by name is added to ``names``.
    """
    source = ReaderSource(names, resource.group)
    source.assign("id", source.field("id"), TEXT)
    source.add()
    return names.module(source.function("read"))


READERS: Rules[ReaderSource] = Rules(lambda part, source: source.take(part))


@READERS.rule(LeftOut, FixedValue, JoinedTexts, Observer, RequiredElement, WriteOnly)
def _nothing(part: FieldPart, source: ReaderSource) -> None:
    """Nothing is read back."""


@READERS.rule(NestedField)
def _nested(part: NestedField, source: ReaderSource) -> None:
    source.within(part.field, part.group)


@READERS.rule(ImpliedField)
def _implied(part: ImpliedField, source: ReaderSource) -> None:
    source.known(part.field, part.value)


@READERS.rule(Value)
def _value(part: Value, source: ReaderSource) -> None:
    source.assign(part.path, source.field(part.field, part.omit), part.primitive)


@READERS.rule(Values)
def _values(part: Values, source: ReaderSource) -> None:
    values, one = source.field(part.field, ()), source.value_of(part.primitive, "one")
    source.use(part.path, lambda raw: f"{values} = tuple([{one} for one in {raw}])")


@READERS.rule(Sole)
def _sole(part: Sole, source: ReaderSource) -> None:
    value = source.field(part.field, "")
    source.use(part.path, lambda raw: f"{value} = {raw}[0]")


@READERS.rule(RepeatedField)
def _repeated(part: RepeatedField, source: ReaderSource) -> None:
    key = extensions.EXTENSIONS[part.name].value_key
    read_each(part.field, part.name, lambda raw: source.value_of(part.primitive, f'{raw}["{key}"]'), source)


def read_each(field: str, name: str, value: Use, source: ReaderSource) -> str:
    """Let ``field`` be the values of the extensions ``name``, and return its variable."""
    values = source.field(field, ())
    source.use(f"extension[url={extensions.url(name)}]", lambda raw: f"{values} += ({value(raw)},)")
    return values


@READERS.rule(Amount)
def _amount(part: Amount, source: ReaderSource) -> None:
    source.assign(f"{part.path}.value", source.field(part.field), CENTS)


@READERS.rule(Span)
def _span(part: Span, source: ReaderSource) -> None:
    end = source.field(part.end)
    source.assign(f"{part.path}.start", source.field(part.start), DAY)
    source.assign(f"{part.path}.end", end, DAY)
    source.assign("~end-date", end, DAY)


@READERS.rule(Outside)
def _outside(part: Outside, source: ReaderSource) -> None:
    source.assign(f"{part.path}.identifier.value", source.field(part.field), TEXT)


@READERS.rule(Many)
def _many(part: Many, source: ReaderSource) -> None:
    values, member = source.field(part.field, ()), _member_function(part, source)
    source.use(part.path, lambda raw: f"{values} = tuple([{member}(one) for one in {raw}])")


@READERS.rule(ExtensionField)
def _extensions(part: ExtensionField, source: ReaderSource) -> None:
    member = _member_function(part, source)
    read_each(part.field, part.path[1:], lambda raw: f"{member}({raw})", source)


def _member_function(part: Many, source: ReaderSource) -> str:
    """Define the function that reads one member of a list, and return its name."""
    member = ReaderSource(source.names, part.group)
    member.add()
    name = source.names.variable(f"read_{part.field}_member")
    source.names.functions.append(member.function(name))
    return name


@READERS.rule(Choice)
def _choice(part: Choice, source: ReaderSource) -> None:
    word = source.field(part.field, part.meaning(None))
    table = source.names.of(
        {code: part.meaning(code) for code in part.codes.values()}, f"{part.field.upper()}_WORDS"
    )
    source.use(part.path, lambda raw: f"{word} = {table}[{raw}]")
    if part.exact:
        exact = source.names.of({known.value: known for known in part.codes}, f"{part.field.upper()}_EXACT")
        source.use(f"~{part.exact}", lambda raw: f"{word} = {exact}[{raw}]")


def words_by_code(table: Table, field: str, source: ReaderSource) -> str:
    """Return the name of the words of ``table`` by their deciding codes."""
    return source.names.of(
        {codings[0].code: word for word, codings in table.items()}, f"{field.upper()}_WORDS"
    )


@READERS.rule(Concept)
def _concept(part: Concept, source: ReaderSource) -> None:
    word, table = source.field(part.field, part.otherwise), words_by_code(part.table, part.field, source)
    source.use(f"{part.path}.coding", lambda raw: f'{word} = {table}[{raw}[0]["code"]]')


@READERS.rule(CodedField)
def _coded(part: CodedField, source: ReaderSource) -> None:
    word, table = source.field(part.field, part.otherwise), words_by_code(part.table, part.field, source)
    source.use(part.path, lambda raw: f'{word} = {table}[{raw}["code"]]')


@READERS.rule(SourceCode)
def _source_code(part: SourceCode, source: ReaderSource) -> None:
    code = source.field(part.code, "")
    system = source.field(part.system, "") if part.system else "_"
    convert = source.names.of(plain.read_source_code, "read_source_code")
    source.use(f"{part.path}.coding", lambda raw: f"{system}, {code} = {convert}({raw})")
