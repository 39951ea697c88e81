"""Writers: straight-line functions that write the records of one description as JSON.

``WRITERS`` says of each part what it adds. A part that has no rule here runs as it is, on an
object of its own, and what it has put there is added.
"""

from __future__ import annotations

from formats.fhir import extensions
from formats.fhir.codegen import plain
from formats.fhir.codegen.names import Names
from formats.fhir.codegen.rules import Rules
from formats.fhir.codegen.source import WriterSource
from formats.fhir.codegen.write_tree import Expression, Pieces, literal
from formats.fhir.codes import BASE, KIND, RECORD
from formats.fhir.decimals import CENTS
from formats.fhir.elements import split_path
from formats.fhir.groups import ExtensionField, Many
from formats.fhir.layout import as_json
from formats.fhir.parts import Amount, Outside, RepeatedField, Sole, Span, Value, Values, is_period
from formats.fhir.primitives import CODE, DAY, ID, ORGANIZATION, TEXT, URI
from formats.fhir.resources import Resource
from formats.fhir.vocabulary import Choice, CodedField, Concept, SourceCode, coding_of
from formats.fhir.write_only import FixedValue, JoinedTexts, Observer, RequiredElement, is_plain
from formats.mapping.parts import FieldPart, ImpliedField, LeftOut
from formats.mapping.values import NestedField


def writer_source(resource: Resource, names: Names) -> str:
    """Return the source of ``write(record, setting)``, which returns a line of a bundle.

    What it calls by name is added to ``names``.
    """
    source = WriterSource(names, resource.group)
    source.leaf("resourceType", (as_json(resource.name),))
    source.leaf("id", (source.json_of(ID, source.local("id")),))
    source.members("meta", (f',"tag":[{{"system":"{KIND}","code":"{resource.record.kind}"}}]',))
    WRITERS.apply(resource.group, source)
    opening = (f'{{"fullUrl":"{BASE}/{resource.name}/', source.local("id"), '","resource":{')
    return names.module(source.function("write", "record, setting", opening, "}}"))


def _opaque(part: FieldPart, source: WriterSource) -> None:
    """Let a part without a rule run on an object of its own, and add what it has put there."""
    node, content, added = (source.variable(wished) for wished in ("node", "content", "added"))
    write, put = source.names.of(plain.write_opaque, "write_opaque"), source.names.of(part.put, "put")
    others = "".join(f", {other}" for other in source.opaque)
    source.run(
        f"{node} = {{}}",
        f"{put}({source.owner}, {node}, setting)",
        f"{content}, {added} = {write}({node}, {source.known()}{others})",
    )
    source.opaque.append(node)
    source.members("", (Expression(content),), content)
    source.listed("extension", (Expression(added),), added)


WRITERS = Rules(_opaque)


@WRITERS.rule(JoinedTexts)
def _joined(part: JoinedTexts, source: WriterSource) -> None:
    line, plain_line = source.variable("line"), source.names.of(is_plain, "is_plain")
    source.run(f"{line} = ' '.join({source.local(part.field)})")
    source.leaf(part.path, (source.json_of(TEXT, line),), f"{line} and {plain_line}({line})")


@WRITERS.rule(ImpliedField, LeftOut)
def _nothing(part: FieldPart, source: WriterSource) -> None:
    """Nothing is written."""


@WRITERS.rule(NestedField)
def _nested(part: NestedField, source: WriterSource) -> None:
    source.within(part.field, part.group, lambda mapping: WRITERS.apply(mapping, source))


@WRITERS.rule(Value)
def _value(part: Value, source: WriterSource) -> None:
    value = source.local(part.field)
    condition = source.there(part.field)
    if part.omit == "":
        condition = value
    elif part.omit is not None:
        condition = f"{value} is not None and {value} != {source.names.of(part.omit, 'OMITTED')}"
    source.leaf(part.path, (source.json_of(part.primitive, value),), condition)


@WRITERS.rule(Values)
def _values(part: Values, source: WriterSource) -> None:
    values, joined = source.local(part.field), source.variable("joined")
    source.run(f"{joined} = ','.join([{source.json_of(part.primitive, 'one')} for one in {values}])")
    source.leaf(part.path, ("[", Expression(joined), "]"), values)


@WRITERS.rule(Sole)
def _sole(part: Sole, source: WriterSource) -> None:
    value = source.local(part.field)
    source.leaf(part.path, ("[", source.json_of(TEXT, value), "]"), value)


@WRITERS.rule(RepeatedField)
def _repeated(part: RepeatedField, source: WriterSource) -> None:
    extension = extensions.EXTENSIONS[part.name]
    member = (
        f',{{"url":"{extension.url}","{extension.value_key}":',
        source.json_of(part.primitive, "one"),
        "}",
    )
    write_each(part.field, member, source)


def write_each(field: str, member: Pieces, source: WriterSource) -> None:
    """Add an extension for each value of ``field``."""
    values, joined = source.local(field), source.variable("joined")
    source.run(f"{joined} = ''.join([{literal(member)} for one in {values}])")
    source.listed("extension", (Expression(joined),), values)


@WRITERS.rule(Amount)
def _amount(part: Amount, source: WriterSource) -> None:
    cents = source.json_of(CENTS, source.local(part.field))
    currency = Expression(f"{source.names.of(plain.write_currency, 'write_currency')}(setting.currency)")
    source.members(part.path, (',"value":', cents, currency), source.there(part.field))


@WRITERS.rule(Span)
def _span(part: Span, source: WriterSource) -> None:
    start, end = source.local(part.start), source.local(part.end)
    turned = source.variable("turned")
    fits = source.names.of(is_period, "is_period")
    source.run(f"{turned} = {start} and {end} and not {fits}({start}, {end})")
    source.leaf(f"{part.path}.start", (source.json_of(DAY, start),), start)
    source.leaf("~end-date", (source.json_of(DAY, end),), turned)
    source.leaf(f"{part.path}.end", (source.json_of(DAY, end),), f"{end} and not {turned}")


@WRITERS.rule(Outside)
def _outside(part: Outside, source: WriterSource) -> None:
    value = source.json_of(TEXT, source.local(part.field))
    opening = f',"type":"Patient","identifier":{{"system":"{RECORD}","value":'
    source.members(part.path, (opening, value, "}"), source.there(part.field))


@WRITERS.rule(Many)
def _many(part: Many, source: WriterSource) -> None:
    arguments = "member, place, setting" if part.number else "member, setting"
    member = WriterSource(source.names, part.group, "member")
    if part.number:
        key, made = part.number
        member.leaf(key, ('"', Expression("place"), '"') if made is str else (Expression("place"),))
    WRITERS.apply(part.group, member)
    write = _member_function(part, member, arguments)
    values, joined = source.local(part.field), source.variable("joined")
    each = f"place, member in enumerate({values}, 1)" if part.number else f"member in {values}"
    source.run(f"{joined} = ''.join([{write}({arguments}) for {each}])")
    source.listed(part.path, (Expression(joined),), values)


@WRITERS.rule(ExtensionField)
def _extensions(part: ExtensionField, source: WriterSource) -> None:
    member = WriterSource(source.names, part.group, "member")
    member.leaf("url", (as_json(extensions.url(part.path[1:])),))
    WRITERS.apply(part.group, member)
    write = _member_function(part, member, "member, setting")
    write_each(part.field, (Expression(f"{write}(one, setting)"),), source)


def _member_function(part: Many, member: WriterSource, arguments: str) -> str:
    """Define the function that writes one member of a list, and return its name."""
    name = member.names.variable(f"write_{part.field}_member")
    member.names.functions.append(member.function(name, arguments, (",{",), "}"))
    return name


@WRITERS.rule(Choice)
def _choice(part: Choice, source: WriterSource) -> None:
    shown = {word.value: as_json(code) if code else "" for word, code in part.codes.items()}
    exact = {
        word.value: "" if part.meaning(code) == word else as_json(word.value)
        for word, code in part.codes.items()
    }
    word = source.word(shown, part.field)
    source.leaf(part.path, (word,), None if all(shown.values()) else word)
    if any(exact.values()):
        word = source.word(exact, part.field)
        source.leaf(f"~{part.exact}", (word,), word)


@WRITERS.rule(Concept)
def _concept(part: Concept, source: WriterSource) -> None:
    words = type(next(iter(part.table)))
    codings = {word.value: [coding_of(one) for one in part.table.get(word, ())] for word in words}
    content = {
        word: f',"coding":{as_json(known)}' if known else f",{plain.UNKNOWN}"
        for word, known in codings.items()
    }
    source.members(part.path, (source.word(content, part.field),), source.there(part.field))


@WRITERS.rule(CodedField)
def _coded(part: CodedField, source: WriterSource) -> None:
    coding = {word.value: as_json(coding_of(known[0])) for word, known in part.table.items()}
    source.leaf(part.path, (source.word(coding, part.field),), source.there(part.field))


@WRITERS.rule(SourceCode)
def _source_code(part: SourceCode, source: WriterSource) -> None:
    code, member = source.local(part.code), source.variable("coding")
    code_json = f"""f',"code":{{{source.json_of(CODE, code)}}}' if {code} else ''"""
    if not part.system:
        source.listed(f"{part.path}.coding", (',{"code":', source.json_of(CODE, code), "}"), code)
        return
    system = source.local(part.system)
    source.run(
        f"""{member} = f',"system":{{{source.json_of(URI, system)}}}' if {system} else ''""",
        f"{member} += {code_json}",
    )
    source.listed(f"{part.path}.coding", (",{", Expression(f"{member}[1:]"), "}"), member)


@WRITERS.rule(FixedValue)
def _fixed(part: FixedValue, source: WriterSource) -> None:
    condition = f"{source.names.of(part.when, 'applies')}({source.owner})" if part.when else None
    value, path = part.value, part.path
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        value, path = value[0], f"{path}[0]"
    if isinstance(value, dict):
        source.members(path, ("," + as_json(value)[1:-1],), condition)
    else:
        source.leaf(path, (as_json(value),), condition)


@WRITERS.rule(Observer)
def _observer(part: Observer, source: WriterSource) -> None:
    source.leaf(part.path, (source.json_of(ORGANIZATION, "setting.practice"),))


@WRITERS.rule(RequiredElement)
def _required(part: RequiredElement, source: WriterSource) -> None:
    names = source.conditions_at(part.path)
    if names is None:
        return
    key = split_path(part.path)[1]
    names += [f'"{key}" in {node}' for node in source.opaque if key == part.path]
    condition = f"not ({' or '.join(names)})" if names else None
    if part.primitive:
        before = part.path.removesuffix(key)
        source.leaf(f"{before}_{key}", (f"{{{plain.UNKNOWN}}}",), condition)
    else:
        source.members(part.path, (f",{plain.UNKNOWN}",), condition)
