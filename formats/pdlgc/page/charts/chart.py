"""The dental chart: a picture of every tooth with its surfaces, and the same as a table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from formats.model.care import Act, ActStatus
from formats.model.devices import MedicalDevice
from formats.model.dictionary.codes.lists import MOVEMENTS
from formats.model.dictionary.entries import code_words, labels
from formats.model.dictionary.kinds import KINDS
from formats.model.mouth import ChartFinding, ChartKind, Surface
from formats.pdlgc.page.charts.tooth_devices import IN_PLACE, DeviceSign, device_sign
from formats.pdlgc.page.charts.tooth_drawing import DRAWN, PLACES, Meaning, Tooth, drawing, legend
from formats.pdlgc.page.markup import (
    NOTHING,
    Html,
    TableColumn,
    both,
    flat,
    html_text,
    inline,
    join,
    small_text,
    stack,
    table,
)
from formats.pdlgc.page.subject import Subject
from formats.pdlgc.page.values import day, decimal, teeth
from formats.words import Words

_MEANINGS: Mapping[ActStatus, Meaning] = {
    ActStatus.PLANNED: Meaning.PLANNED,
    ActStatus.DONE: Meaning.DONE,
    ActStatus.EXISTING: Meaning.EXISTING,
    ActStatus.EXISTING_ELSEWHERE: Meaning.EXISTING,
    ActStatus.CONDITION: Meaning.CONDITION,
    ActStatus.REFERRED: Meaning.OTHER,
}
"""A cancelled act changes nothing in the mouth: it is listed and not drawn."""


_FOUND = Words("Dispositifs et constats", "Devices and findings")
"""What stands in a tooth is found there too; in a column of its own, few devices would take the room of many acts."""
_REMOVED = Words("dépose", "removal")
_DEVICE = labels(MedicalDevice)

_POINT = r"-?\d+(?:\.\d+)?,-?\d+(?:\.\d+)?"
_POINTS = re.compile(f"{_POINT}(?:;{_POINT})*;?")
"""A drawing on the chart in the notation of Open Dental: pixels of its points."""
_PLACE = re.compile(rf"\A{_POINT};")
"""Where on the chart a word stands, in front of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Line:
    tooth: str
    findings: tuple[ChartFinding, ...]
    acts: tuple[Act, ...]
    devices: tuple[MedicalDevice, ...]


LETTERS: Mapping[Surface, Words] = MappingProxyType(
    {one: Words(one.value, one.value) for one in Surface}
    | {Surface.BUCCAL: Words("V", "B"), Surface.CERVICAL: Words("C", "V")}
)
"""Letters of surfaces as each language writes them: a French V is *vestibulaire*, an English one class V."""


@lru_cache
def surfaces(letters: tuple[Surface, ...]) -> Html:
    """Return surface letters, with their words on hover."""
    if not letters:
        return NOTHING
    names = ", ".join(code_words(letter).fr for letter in letters)
    french, english = (" ".join(part) for part in zip(*(LETTERS[one] for one in letters), strict=True))
    return Html(f'<abbr title="{html_text(names)}">{both(Words(french, english))}</abbr>')


def has_chart(about: Subject) -> bool:
    """Tell whether anything is known about a tooth."""
    own = about.dossier
    of_teeth = (*(one.teeth for one in own.acts), *(one.teeth for one in own.devices))
    return bool(own.chart_findings) or any(of_teeth)


def chart(about: Subject) -> Iterator[Html]:
    """Yield the drawing, its legend, and one line for each tooth that has something to say."""
    found = _lines(about)
    drawn = {line.tooth: _tooth(line) for line in found if line.tooth in PLACES}
    yield from drawing(drawn)
    signs = [sign for sign in DeviceSign if any(sign in tooth.devices for tooth in drawn.values())]
    yield legend(supernumerary=any(tooth.endswith("S") for tooth in drawn), devices=signs)
    columns: list[TableColumn[_Line]] = [
        TableColumn(label=labels(ChartFinding)["tooth"], cell=_number, css="tight"),
        TableColumn(
            label=_FOUND if any(line.devices for line in found) else KINDS["chart_findings"].heading,
            cell=lambda line: stack(
                [*map(_device, line.devices), *(_finding(about, one) for one in line.findings)]
            ),
        ),
        TableColumn(label=KINDS["acts"].heading, cell=lambda line: stack(_act(one) for one in line.acts)),
    ]
    yield from table(columns, found)


def _lines(about: Subject) -> list[_Line]:
    findings: dict[str, list[ChartFinding]] = {}
    for finding in about.dossier.chart_findings:
        findings.setdefault(finding.tooth, []).append(finding)
    acts: dict[str, list[Act]] = {}
    for act in about.dossier.acts:
        for tooth in dict.fromkeys(act.teeth):
            acts.setdefault(tooth, []).append(act)
    devices: dict[str, list[MedicalDevice]] = {}
    for device in about.newest_first(about.dossier.devices, lambda one: one.implanted_on):
        for tooth in dict.fromkeys(device.teeth):
            devices.setdefault(tooth, []).append(device)
    return [
        _Line(
            tooth=tooth,
            findings=tuple(findings.get(tooth, ())),
            acts=tuple(acts.get(tooth, ())),
            devices=tuple(devices.get(tooth, ())),
        )
        for tooth in sorted({*findings, *acts, *devices})
    ]


def _tooth(line: _Line) -> Tooth:
    """Return what is drawn of a tooth."""
    kinds = {finding.finding for finding in line.findings}
    whole: set[Meaning] = set()
    colours: dict[Surface, Meaning] = {}
    for act in line.acts:
        meaning = _MEANINGS.get(act.status)
        if meaning:
            _colour(meaning, act.surfaces, whole, colours)
    for finding in line.findings:
        if finding.finding not in DRAWN and not _is_primary(finding):
            meaning = Meaning.CONDITION if finding.finding is ChartKind.CONDITION else Meaning.OTHER
            _colour(meaning, finding.surfaces, whole, colours)
    devices = Counter(device_sign(one) for one in line.devices if one.removed_on is None)
    words = [code_words(kind) for kind in ChartKind if kind in kinds]
    words += [IN_PLACE[sign] for sign in DeviceSign if sign in devices]
    title = join([html_text(line.tooth), *map(flat, words)], " · ")
    return Tooth(
        missing=ChartKind.MISSING in kinds,
        hidden=ChartKind.HIDDEN in kinds,
        whole=frozenset(whole),
        surfaces=colours,
        devices=devices,
        title=title,
    )


def _is_primary(finding: ChartFinding) -> bool:
    """Tell whether ``finding`` says of a primary tooth that it is one, as its number does."""
    return finding.finding is ChartKind.PRIMARY and finding.tooth[:1] in tuple("5678")


def _colour(
    meaning: Meaning, marked: tuple[Surface, ...], whole: set[Meaning], colours: dict[Surface, Meaning]
) -> None:
    """Paint ``marked`` surfaces, or the whole tooth without any; the more urgent meaning stays on top."""
    if not marked:
        whole.add(meaning)
    for surface in marked:
        colours[surface] = min(meaning, colours.get(surface, meaning))


def _number(line: _Line) -> Html:
    if not line.tooth:
        return both(Words("toute la bouche", "whole mouth"))
    return Html(f'<b class="fdi">{html_text(line.tooth)}</b>')


def _text(one: ChartFinding) -> Html:
    """Return what is written on the chart; of a drawing how many points it has, of a word not where it stands."""
    if one.finding is ChartKind.DRAWING and _POINTS.fullmatch(one.text):
        count = one.text.rstrip(";").count(";") + 1
        return join([html_text(str(count)), both(Words("points", "points"))])
    return html_text(_PLACE.sub("", one.text) if one.finding is ChartKind.TEXT else one.text)


def _finding(about: Subject, one: ChartFinding) -> Html:
    movement = MOVEMENTS.get(one.code)
    what = both(movement.words) if movement else html_text(one.code)
    unit = movement.unit if movement and one.value is not None else ""
    extent = join([decimal(one.value), html_text(unit)], "" if unit == "°" else "\u00a0")
    details = join([what, extent, _text(one)])
    by = join([day(one.recorded_on), about.practitioner(one.practitioner)], " · ")
    return join([both(code_words(one.finding)), surfaces(one.surfaces), details, small_text(by)])


def _act(one: Act) -> Html:
    status = small_text(Html(f"— {both(code_words(one.status))}"))
    return join(
        [day(one.performed_on), html_text(one.code), html_text(one.label), surfaces(one.surfaces), status]
    )


def _device(one: MedicalDevice) -> Html:
    """Return a device, what traces it, and that it is in place or when it was taken out."""
    traced = [html_text(" ".join(filter(None, (one.manufacturer, one.model))))]
    traced += [
        join([name, html_text(value)])
        for name, value in ((Html("REF"), one.part_number), (both(_DEVICE["lot"]), one.lot))
        if value
    ]
    if len(set(one.teeth)) > 1:
        traced.append(join([both(inline(_DEVICE["teeth"])), teeth(tuple(dict.fromkeys(one.teeth)))]))
    removed = join([both(_REMOVED), day(one.removed_on)]) if one.removed_on else NOTHING
    state = removed or both(IN_PLACE[device_sign(one)])
    return join(
        [
            day(one.implanted_on),
            html_text(one.label or one.code),
            small_text(join(traced, " · ")),
            small_text(Html(f"— {state}")),
        ]
    )
