"""Straight-line rules of the parts that belong to one kind of record or to few."""

from __future__ import annotations

from formats.fhir import codes, extensions
from formats.fhir.codegen import plain
from formats.fhir.codegen.read_tree import Use
from formats.fhir.codegen.readers import READERS, ReaderSource, read_each, words_by_code
from formats.fhir.codegen.source import WriterSource
from formats.fhir.codegen.write_tree import Expression, literal
from formats.fhir.codegen.writers import WRITERS
from formats.fhir.codes import PARTICIPATION, SURFACES, UCUM, Coding
from formats.fhir.decimals import COUNT
from formats.fhir.layout import as_json
from formats.fhir.primitives import INSTANT, INTEGER, POSITIVE
from formats.fhir.records.agenda import PARTICIPANTS, TIMELESS, AppointmentTime, Participants, end_of
from formats.fhir.records.history import FactPresence
from formats.fhir.records.mouth import MeasuredValue, OneTooth, Surfaces, Teeth
from formats.fhir.records.papers import File
from formats.fhir.vocabulary import coding_of, concept
from formats.model.health import Presence


@WRITERS.rule(Teeth)
def _write_teeth(part: Teeth, source: WriterSource) -> None:
    teeth = source.local("teeth")
    coding = Expression(f"{source.names.of(plain.write_tooth, 'write_tooth')}(one)")
    if part.repeating:
        _write_sites("bodySite", "teeth", coding, source)
        return
    several = teeth
    if part.standard:
        first = Expression(coding.replace("(one)", f"({teeth}[0])"))
        source.leaf("bodySite", ('{"coding":[', first, "]}"), f"len({teeth}) == 1")
        several = Expression(f"len({teeth}) > 1")
    _write_codings("tooth", "teeth", coding, source, several)


@WRITERS.rule(Surfaces)
def _write_surfaces(part: Surfaces, source: WriterSource) -> None:
    known = {word.value: as_json(coding_of(codings[0])) for word, codings in SURFACES.items()}
    coding = Expression(f"{source.names.of(known, 'SURFACES_JSON')}[one._value_]")
    if part.standard:
        _write_sites("subSite", "surfaces", coding, source)
    else:
        _write_codings("surface", "surfaces", coding, source, source.local("surfaces"))


def _write_sites(path: str, field: str, coding: Expression, source: WriterSource) -> None:
    """Add a CodeableConcept for each value of ``field`` to the list at ``path``."""
    values, joined = source.local(field), source.variable("joined")
    site = literal((',{"coding":[', coding, "]}"))
    source.run(f"{joined} = ''.join([{site} for one in {values}])")
    source.listed(path, (Expression(joined),), values)


def _write_codings(name: str, field: str, coding: Expression, source: WriterSource, condition: str) -> None:
    """Add an extension ``name`` for each value of ``field``, as a Coding."""
    member = (f',{{"url":"{extensions.url(name)}","valueCoding":', coding, "}")
    joined = source.variable("joined")
    source.run(f"{joined} = ''.join([{literal(member)} for one in {source.local(field)}])")
    source.listed("extension", (Expression(joined),), condition)


@WRITERS.rule(File)
def _write_file(part: File, source: WriterSource) -> None:
    write = source.names.of(plain.write_file, "write_file")
    content = Expression(f"{write}({source.local('attachment')})")
    source.members(part.path, (content,), source.there("attachment"))


@READERS.rule(Teeth)
def _read_teeth(part: Teeth, source: ReaderSource) -> None:
    if part.repeating:
        _read_sites("bodySite", "teeth", lambda coding: coding, source)
        return
    teeth = read_each("teeth", "tooth", lambda raw: f'{raw}["valueCoding"]["code"]', source)
    if part.standard:
        source.use("bodySite.coding", lambda raw: f'{teeth} = ({raw}[0]["code"],)')


@READERS.rule(Surfaces)
def _read_surfaces(part: Surfaces, source: ReaderSource) -> None:
    words = words_by_code(SURFACES, "surfaces", source)
    if part.standard:
        _read_sites("subSite", "surfaces", lambda code: f"{words}[{code}]", source)
    else:
        read_each("surfaces", "surface", lambda raw: f'{words}[{raw}["valueCoding"]["code"]]', source)


def _read_sites(path: str, field: str, value: Use, source: ReaderSource) -> None:
    """Let ``field`` be what the CodeableConcepts at ``path`` say."""
    values, one = source.field(field, ()), value('one["coding"][0]["code"]')
    source.use(path, lambda raw: f"{values} = tuple([{one} for one in {raw}])")


@READERS.rule(File)
def _read_file(part: File, source: ReaderSource) -> None:
    file, convert = source.field("attachment"), source.names.of(plain.read_file, "read_file")
    source.use(part.path, lambda raw: f"{file} = {convert}({raw})")


@WRITERS.rule(OneTooth)
def _write_one_tooth(part: OneTooth, source: WriterSource) -> None:
    tooth = source.local("tooth")
    coding = Expression(f"{source.names.of(plain.write_tooth, 'write_tooth')}({tooth})")
    if part.extended:
        member = (f',{{"url":"{extensions.url("tooth")}","valueCoding":', coding, "}")
        source.listed("extension", member, tooth)
    else:
        source.leaf("bodySite", ('{"coding":[', coding, "]}"), tooth)


@READERS.rule(OneTooth)
def _read_one_tooth(part: OneTooth, source: ReaderSource) -> None:
    tooth = source.field("tooth", "")
    if part.extended:
        url = extensions.url("tooth")
        source.use(f"extension[url={url}].valueCoding", lambda raw: f'{tooth} = {raw}["code"]')
    else:
        source.use("bodySite.coding", lambda raw: f'{tooth} = {raw}[0]["code"]')


@WRITERS.rule(MeasuredValue)
def _write_measured(part: MeasuredValue, source: WriterSource) -> None:  # noqa: ARG001 – told by its type
    measure, value = source.local("measure"), source.local("value")
    lengths = frozenset(kind.value for kind in codes.MILLIMETRES)
    length = f"{measure}._value_ in {source.names.of(lengths, 'LENGTHS')}"
    unit = f',"unit":"mm","system":"{UCUM}","code":"mm"'
    source.members("valueQuantity", (',"value":', source.json_of(COUNT, value), unit), length)
    source.leaf("valueInteger", (source.json_of(INTEGER, value),), f"not ({length})")


@READERS.rule(MeasuredValue)
def _read_measured(part: MeasuredValue, source: ReaderSource) -> None:  # noqa: ARG001 – told by its type
    value = source.field("value")
    source.assign("valueQuantity.value", value, COUNT)
    source.assign("valueInteger", value, INTEGER)


@WRITERS.rule(FactPresence)
def _write_presence(part: FactPresence, source: WriterSource) -> None:
    if part.verification:
        verified = {
            one.value: as_json(concept(codes.verification(part.verification, one))) for one in Presence
        }
        source.leaf("verificationStatus", (source.word(verified, "presence"),))
    if negations := codes.NEGATIONS.get(part.topic, ()):
        pieces = [f",{as_json(coding_of(one) | {'userSelected': False})}" for one in negations]
        none = source.names.of(Presence.NONE, "NONE")
        source.listed(f"{part.code}.coding", ("".join(pieces),), f"{source.local('presence')} is {none}")
    words = {one.value: as_json(one.value) for one in Presence}
    member = (f',{{"url":"{extensions.url("presence")}","valueCode":', source.word(words, "presence"), "}")
    if not part.modifier:
        source.listed("extension", member)
        return
    presence, present = source.local("presence"), source.names.of(Presence.PRESENT, "PRESENT")
    source.listed("modifierExtension", member, f"{presence} is not {present}")
    source.listed("extension", member, f"{presence} is {present}")


@READERS.rule(FactPresence)
def _read_presence(part: FactPresence, source: ReaderSource) -> None:
    presence, url = source.field("presence"), extensions.url("presence")
    words = source.names.of({one.value: one for one in Presence}, "PRESENCE_WORDS")
    for place in ("extension", "modifierExtension")[: 1 + part.modifier]:
        source.use(f"{place}[url={url}].valueCode", lambda raw: f"{presence} = {words}[{raw}]")


@WRITERS.rule(Participants)
def _write_participants(part: Participants, source: WriterSource) -> None:  # noqa: ARG001 – told by its type
    for field, (code, path, primitive) in PARTICIPANTS.items():
        value = source.local(field)
        kind = as_json(concept(Coding(PARTICIPATION, code)))
        outer, inner = path.split(".")
        member = (f',{{"type":[{kind}],"{outer}":{{"{inner}":', source.json_of(primitive, value))
        source.listed("participant", (*member, '},"status":"accepted"}'), value)


@READERS.rule(Participants)
def _read_participants(part: Participants, source: ReaderSource) -> None:
    fields = [source.field(name) for name in part.fields]
    convert, missing = source.names.of(plain.read_participants, "read_participants"), ", ".join(fields)
    source.use("participant", lambda raw: f"{missing} = {convert}({raw}, {missing})")


@WRITERS.rule(AppointmentTime)
def _write_time(part: AppointmentTime, source: WriterSource) -> None:  # noqa: ARG001 – told by its type
    start, minutes = source.local("starts_at"), source.local("minutes")
    unknown = f"{{{plain.UNKNOWN}}}"
    source.leaf("start", (source.json_of(INSTANT, start),), start)
    source.leaf("minutesDuration", (source.json_of(POSITIVE, minutes),), f"{minutes} is not None")
    end = source.variable("end")
    source.run(f"{end} = {source.names.of(end_of, 'end_of')}({start}, {minutes}) if {start} else None")
    source.leaf("end", (source.json_of(INSTANT, end),), f"{end} is not None")
    statuses = frozenset(status.value for status in TIMELESS)
    timeless = f"{source.local('status')}._value_ in {source.names.of(statuses, 'TIMELESS')}"
    source.leaf("_start", (unknown,), f"not {start} and not {timeless}")
    source.leaf("_end", (unknown,), f"{end} is None and ({start} or not {timeless})")


@READERS.rule(AppointmentTime)
def _read_time(part: AppointmentTime, source: ReaderSource) -> None:  # noqa: ARG001 – told by its type
    source.assign("start", source.field("starts_at"), INSTANT)
    source.assign("minutesDuration", source.field("minutes"), POSITIVE)
