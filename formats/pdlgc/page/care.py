"""What was done, written, planned, prescribed and arranged."""

from __future__ import annotations

from collections.abc import Iterator

from formats.model.care import (
    Act,
    ActStatus,
    Appointment,
    NoteKind,
    PlanItem,
    Prescription,
    Quote,
    Recall,
    TreatmentPlan,
)
from formats.model.devices import LabOrder, MedicalDevice
from formats.model.dictionary.codes.lists import AREAS
from formats.model.dictionary.entries import code_words, labels
from formats.pdlgc.page.charts.chart import surfaces
from formats.pdlgc.page.markup import (
    NOTHING,
    Fact,
    Html,
    TableColumn,
    both,
    facts,
    heading,
    html_text,
    join,
    prose,
    small_text,
    stack,
    table,
    tag,
)
from formats.pdlgc.page.subject import Subject, title_with_details
from formats.pdlgc.page.values import code_in_words, code_text, day, teeth
from formats.words import Words

_ACT = labels(Act)
_APPOINTMENT = labels(Appointment)
_PLAN_ITEM = labels(PlanItem)
_PRESCRIPTION = labels(Prescription)
_QUOTE = labels(Quote)
_RECALL = labels(Recall)
_DEVICE, _LAB_ORDER = labels(MedicalDevice), labels(LabOrder)

_ACT_TONES = {
    ActStatus.DONE: "good",
    ActStatus.PLANNED: "warn",
    ActStatus.CONDITION: "warn",
    ActStatus.CANCELLED: "quiet",
}


def acts(about: Subject) -> Iterator[Html]:
    """Yield the acts, the newest first."""
    columns: list[TableColumn[Act]] = [
        TableColumn(label=_ACT["performed_on"], cell=lambda one: day(one.performed_on), css="tight"),
        TableColumn(label=_ACT["teeth"], cell=_where, css="tight"),
        TableColumn(label=_ACT["label"], cell=_what, css="wide"),
        TableColumn(
            label=_ACT["status"],
            cell=lambda one: tag(code_words(one.status), _ACT_TONES.get(one.status, "quiet")),
        ),
        TableColumn(label=_ACT["practitioner"], cell=lambda one: about.practitioner(one.practitioner)),
        TableColumn(label=_ACT["fee_cents"], cell=lambda one: about.money(one.fee_cents), css="num"),
    ]
    yield from table(columns, about.newest_first(about.dossier.acts, lambda one: one.performed_on))


def _where(one: Act | PlanItem) -> Html:
    area = code_in_words(AREAS, one.area) if isinstance(one, Act) else NOTHING
    return join([Html(f"<b>{teeth(one.teeth)}</b>") if one.teeth else NOTHING, surfaces(one.surfaces), area])


def _what(act: Act) -> Html:
    code = " ".join((act.code, *act.modifiers))
    quantity = Html(f"× {act.quantity}") if act.quantity != 1 else NOTHING
    return join(
        [
            stack(
                [
                    join([title_with_details(act.label), quantity]),
                    small_text(code_text(act.code_system, code)),
                ]
            ),
            prose(act.diagnosis),
            prose(act.note),
        ]
    )


def notes(about: Subject) -> Iterator[Html]:
    """Yield the notes as they were written, the newest first."""
    for note in about.newest_first(about.dossier.notes, lambda one: one.written_at):
        tone = "bad" if note.note is NoteKind.PERSONAL else "quiet"
        signed = tag(Words("signée", "signed"), "good") if note.signed else NOTHING
        author = join([about.practitioner(note.practitioner), html_text(note.author)], ", ")
        head = join([Html(f"<b>{about.moment(note.written_at) or html_text('–')}</b>"), author], " · ")
        kinds = join([tag(code_words(note.note), tone), signed, about.act(note.act)])
        yield Html(f'<div class="note"><p>{join([head, kinds])}</p>{prose(note.text)}</div>\n')


def plans(about: Subject) -> Iterator[Html]:
    """Yield the treatment plans."""
    for plan in about.newest_first(about.dossier.treatment_plans, lambda one: one.created_on):
        status = tag(code_words(plan.status), "quiet")
        by = join([day(plan.created_on), about.practitioner(plan.practitioner)], " · ")
        yield _block(plan, status, by)
        yield prose(plan.note)
        yield from _items(about, plan.items)


def quotes(about: Subject) -> Iterator[Html]:
    """Yield the quotes with the prices that were shown."""
    for quote in about.newest_first(about.dossier.quotes, lambda one: one.issued_on):
        signed = bool(quote.signed_at or quote.signed_by or quote.signature)
        word = Words("signé", "signed") if signed else Words("sans signature", "no signature")
        by = join([day(quote.issued_on), about.practitioner(quote.practitioner)], " · ")
        yield _block(quote, tag(word, "good" if signed else "quiet"), by)
        yield prose(quote.note)
        yield from _items(about, quote.items)
        yield from _signature(about, quote)


def _signature(about: Subject, quote: Quote) -> Iterator[Html]:
    found = [
        Fact(label=_QUOTE["signed_at"], value=about.moment(quote.signed_at)),
        Fact(label=_QUOTE["signed_by"], value=html_text(quote.signed_by)),
        Fact(label=_QUOTE["document"], value=about.document(quote.document)),
        Fact(label=_QUOTE["signature"], value=html_text(quote.signature)),
    ]
    if known := [fact for fact in found if fact.value]:
        yield from facts(known)


def _block(one: TreatmentPlan | Quote, status: Html, by: Html) -> Html:
    untitled = both(Words("Sans titre", "Untitled"))
    return heading(3, join([html_text(one.title) or untitled, status, small_text(by)]))


def _items(about: Subject, items: tuple[PlanItem, ...]) -> Iterator[Html]:
    columns: list[TableColumn[PlanItem]] = [
        TableColumn(label=_PLAN_ITEM["priority"], cell=lambda one: html_text(one.priority), css="tight"),
        TableColumn(label=_PLAN_ITEM["teeth"], cell=_where, css="tight"),
        TableColumn(
            label=_PLAN_ITEM["label"],
            cell=lambda one: stack([title_with_details(one.label, html_text(one.code)), about.act(one.act)]),
            css="wide",
        ),
        TableColumn(label=_PLAN_ITEM["fee_cents"], cell=lambda one: about.money(one.fee_cents), css="num"),
        TableColumn(
            label=_PLAN_ITEM["insurer_cents"], cell=lambda one: about.money(one.insurer_cents), css="num"
        ),
        TableColumn(
            label=_PLAN_ITEM["patient_cents"], cell=lambda one: about.money(one.patient_cents), css="num"
        ),
    ]
    if items:
        yield from table(columns, items)


def prescriptions(about: Subject) -> Iterator[Html]:
    """Yield what was prescribed, in the prescriber's words."""
    columns: list[TableColumn[Prescription]] = [
        TableColumn(
            label=_PRESCRIPTION["prescribed_on"], cell=lambda one: day(one.prescribed_on), css="tight"
        ),
        TableColumn(
            label=_PRESCRIPTION["product"],
            cell=lambda one: title_with_details(one.product, code_text(one.code_system, one.code)),
        ),
        TableColumn(label=_PRESCRIPTION["directions"], cell=lambda one: prose(one.directions), css="wide"),
        TableColumn(label=_PRESCRIPTION["quantity"], cell=lambda one: html_text(one.quantity)),
        TableColumn(label=_PRESCRIPTION["refills"], cell=lambda one: html_text(one.refills)),
        TableColumn(
            label=_PRESCRIPTION["practitioner"], cell=lambda one: about.practitioner(one.practitioner)
        ),
        TableColumn(label=_PRESCRIPTION["note"], cell=lambda one: prose(one.note)),
    ]
    yield from table(columns, about.newest_first(about.dossier.prescriptions, lambda one: one.prescribed_on))


def appointments(about: Subject) -> Iterator[Html]:
    """Yield past and coming appointments, the latest first."""
    columns: list[TableColumn[Appointment]] = [
        TableColumn(
            label=_APPOINTMENT["starts_at"], cell=lambda one: about.moment(one.starts_at), css="tight"
        ),
        TableColumn(
            label=_APPOINTMENT["minutes"],
            cell=lambda one: NOTHING if one.minutes is None else html_text(f"{one.minutes} min"),
            css="num",
        ),
        TableColumn(label=_APPOINTMENT["status"], cell=lambda one: both(code_words(one.status))),
        TableColumn(label=_APPOINTMENT["reason"], cell=lambda one: html_text(one.reason), css="wide"),
        TableColumn(
            label=_APPOINTMENT["practitioner"], cell=lambda one: about.practitioner(one.practitioner)
        ),
        TableColumn(label=_APPOINTMENT["assistant"], cell=lambda one: about.practitioner(one.assistant)),
        TableColumn(label=_APPOINTMENT["room"], cell=lambda one: html_text(one.room)),
        TableColumn(label=_APPOINTMENT["note"], cell=lambda one: prose(one.note)),
    ]
    yield from table(columns, about.newest_first(about.dossier.appointments, lambda one: one.starts_at))


def recalls(about: Subject) -> Iterator[Html]:
    """Yield when the patient should come back."""
    stopped = tag(Words("arrêté", "stopped"), "quiet")
    columns: list[TableColumn[Recall]] = [
        TableColumn(label=_RECALL["due_on"], cell=lambda one: day(one.due_on), css="tight"),
        TableColumn(label=_RECALL["reason"], cell=lambda one: html_text(one.reason), css="wide"),
        TableColumn(label=_RECALL["previous_on"], cell=lambda one: day(one.previous_on), css="tight"),
        TableColumn(label=_RECALL["interval"], cell=lambda one: html_text(one.interval)),
        TableColumn(
            label=_RECALL["status"],
            cell=lambda one: join([html_text(one.status), NOTHING if one.active else stopped]),
        ),
        TableColumn(label=_RECALL["note"], cell=lambda one: prose(one.note)),
    ]
    yield from table(columns, about.newest_first(about.dossier.recalls, lambda one: one.due_on))


def devices(about: Subject) -> Iterator[Html]:
    """Yield every device with what traces it, as an implant card does."""
    for device in about.newest_first(about.dossier.devices, lambda one: one.implanted_on):
        named = html_text(device.label) or both(_DEVICE["label"])
        where = Html(f"<b>{teeth(device.teeth)}</b>") if device.teeth else NOTHING
        yield heading(3, join([where, named, small_text(code_text(device.code_system, device.code))]))
        shown: dict[str, Html] = {
            "manufacturer": html_text(device.manufacturer),
            "model": html_text(device.model),
            "part_number": html_text(device.part_number),
            "lot": html_text(device.lot),
            "serial": html_text(device.serial),
            "udi": html_text(device.udi),
            "udi_di": html_text(device.udi_di),
            "manufactured_on": day(device.manufactured_on),
            "expires_on": day(device.expires_on),
            "implanted_on": day(device.implanted_on),
            "removed_on": day(device.removed_on),
            "act": about.act(device.act),
            "practitioner": about.practitioner(device.practitioner),
            "document": about.document(device.document),
            "note": prose(device.note),
        }
        yield from facts(Fact(label=_DEVICE[name], value=value) for name, value in shown.items() if value)


def lab_orders(about: Subject) -> Iterator[Html]:
    """Yield what was ordered from a dental laboratory, the newest first."""
    columns: list[TableColumn[LabOrder]] = [
        TableColumn(
            label=_LAB_ORDER["ordered_at"], cell=lambda one: about.moment(one.ordered_at), css="tight"
        ),
        TableColumn(label=_LAB_ORDER["teeth"], cell=lambda one: teeth(one.teeth), css="tight"),
        TableColumn(
            label=_LAB_ORDER["label"],
            cell=lambda one: stack(
                [title_with_details(one.label), prose(one.instructions), about.act(one.act)]
            ),
            css="wide",
        ),
        TableColumn(label=_LAB_ORDER["shade"], cell=lambda one: html_text(one.shade)),
        TableColumn(label=_LAB_ORDER["laboratory"], cell=lambda one: html_text(one.laboratory)),
        TableColumn(label=Words("Suivi", "Progress"), cell=lambda one: _progress(about, one)),
        TableColumn(label=_LAB_ORDER["practitioner"], cell=lambda one: about.practitioner(one.practitioner)),
        TableColumn(
            label=_LAB_ORDER["invoice"],
            cell=lambda one: stack([html_text(one.invoice), about.money(one.cost_cents)]),
        ),
    ]
    yield from table(columns, about.newest_first(about.dossier.lab_orders, lambda one: one.ordered_at))


def _progress(about: Subject, one: LabOrder) -> Html:
    """Return when the work was sent, is due, came and was looked at, one below the other: six columns are too many."""
    moments = {
        "sent_at": one.sent_at,
        "due_at": one.due_at,
        "received_at": one.received_at,
        "checked_at": one.checked_at,
    }
    return stack(
        join([small_text(both(_LAB_ORDER[name])), about.moment(at)]) for name, at in moments.items() if at
    )
