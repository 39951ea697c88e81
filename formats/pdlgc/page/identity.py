"""Who the patient is, who answers for them, who insures them, who treated them."""

from __future__ import annotations

from collections.abc import Iterator

from formats.model.dictionary.entries import code_words, labels
from formats.model.identity import (
    INS_DEMO_OID,
    INS_TEST_OID,
    EarlierTraits,
    IdentifierType,
    InsStatus,
    Traits,
)
from formats.model.people import Coverage, Patient, Practice, Practitioner, RelatedPerson
from formats.pdlgc.page.markup import (
    NOT_FILLED_IN,
    NOTHING,
    Fact,
    Html,
    TableColumn,
    both,
    facts,
    html_text,
    inline,
    join,
    small_text,
    stack,
    table,
    tag,
)
from formats.pdlgc.page.subject import Subject, title_with_details
from formats.pdlgc.page.values import (
    addresses,
    contacts,
    day,
    identifier,
    language,
    moment,
    period,
    practitioner_name,
)
from formats.words import Words

_COVERAGE = labels(Coverage)
_PATIENT = labels(Patient)
_PRACTICE = labels(Practice)
_PRACTITIONER = labels(Practitioner)
_RELATED_PERSON = labels(RelatedPerson)
_EARLIER_TRAITS = labels(EarlierTraits)
_TRAITS = labels(Traits)

_TEST = tag(Words("INS de test", "test INS"), "bad")
_TONES = {
    InsStatus.QUALIFIED: "good",
    InsStatus.VALIDATED: "warn",
    InsStatus.RETRIEVED: "warn",
    InsStatus.PROVISIONAL: "bad",
}


def full_name(patient: Patient) -> Html:
    """Return the names in use, or the birth names, or that there are none."""
    traits = patient.traits
    given = traits.used_given_name or " ".join(traits.birth_given_names)
    name = " ".join(filter(None, (given, traits.used_family_name or traits.birth_family_name)))
    return html_text(name) if name.strip() else both(Words("Nom non renseigné", "Name not filled in"))


def ins(patient: Patient) -> Html:
    """Return the INS with its status; a number of the test ranges says so."""
    values = [value for value in patient.identifiers if value.type is IdentifierType.INS]
    status = patient.ins_status
    parts = [
        join([Html(f"<b>{html_text(value.value)}</b>"), _TEST])
        if value.system in {INS_TEST_OID, INS_DEMO_OID}
        else identifier(value)
        for value in values
    ]
    parts.append(tag(code_words(status), _TONES[status]) if status else NOTHING)
    parts += [html_text(comment) for comment in patient.ins_comments]
    return stack(parts)


def identity(about: Subject) -> Iterator[Html]:
    """Yield the patient's traits, identifiers, and ways to reach them."""
    patient = about.dossier.patient
    traits = patient.traits
    others = [value for value in patient.identifiers if value.type is not IdentifierType.INS]
    yield from facts(
        [
            Fact(label=_PATIENT["title"], value=html_text(patient.title)),
            Fact(label=_TRAITS["birth_family_name"], value=html_text(traits.birth_family_name)),
            Fact(
                label=_TRAITS["birth_given_names"],
                value=html_text(", ".join(traits.birth_given_names)),
            ),
            Fact(
                label=Words("Nom et prénom utilisés", "Names in use"),
                value=join([html_text(traits.used_given_name), html_text(traits.used_family_name)]),
            ),
            Fact(label=_TRAITS["birth_date"], value=day(traits.birth_date)),
            Fact(label=_TRAITS["sex"], value=both(code_words(traits.sex))),
            Fact(
                label=_TRAITS["birth_place"],
                value=html_text(traits.birth_place),
            ),
            Fact(label=Words("Identité nationale de santé", "National health identity"), value=ins(patient)),
            Fact(
                label=Words("Autres identifiants", "Other identifiers"),
                value=stack(join([both(code_words(value.type)), identifier(value)]) for value in others),
            ),
            *_situation(patient),
            Fact(label=_PATIENT["contacts"], value=contacts(patient.contacts)),
            Fact(label=_PATIENT["addresses"], value=addresses(patient.addresses)),
            Fact(label=_PATIENT["status"], value=_status(patient)),
            Fact(label=_PATIENT["first_visit"], value=day(patient.first_visit)),
            Fact(
                label=_PATIENT["attending"],
                value=about.practitioner(patient.attending),
            ),
            Fact(label=_PATIENT["language"], value=language(patient.language)),
            *_history(about),
        ]
    )


def _situation(patient: Patient) -> Iterator[Fact]:
    """Yield the family situation, the occupation and the employer."""
    status = patient.marital_status
    yield Fact(
        label=_PATIENT["marital_status"],
        value=both(code_words(status)) if status else NOTHING,
    )
    yield Fact(label=_PATIENT["occupation"], value=html_text(patient.occupation))
    yield Fact(label=_PATIENT["employer"], value=html_text(patient.employer))


def _history(about: Subject) -> Iterator[Fact]:
    """Yield the traits the record had before, and the other records of the person, where there are any."""
    patient = about.dossier.patient
    if patient.earlier_traits:
        earlier = stack(_earlier(one, about) for one in patient.earlier_traits)
        yield Fact(label=_PATIENT["earlier_traits"], value=earlier)
    if patient.linked:
        others = stack(html_text(one) for one in patient.linked)
        yield Fact(label=_PATIENT["linked"], value=others)


def _earlier(one: EarlierTraits, about: Subject) -> Html:
    traits = one.traits
    birth = html_text(" ".join((traits.birth_family_name, *traits.birth_given_names)))
    used = html_text(f"{traits.used_given_name} {traits.used_family_name}".strip())
    until = join([both(inline(_EARLIER_TRAITS["until"])), moment(one.until, about.zone)])
    shown = [
        birth,
        used,
        day(traits.birth_date),
        both(code_words(traits.sex)),
        html_text(traits.birth_place),
    ]
    return join([*shown, small_text(until)])


def _status(patient: Patient) -> Html:
    status = both(code_words(patient.status))
    if patient.deceased_on:
        died = tag(Words("décès", "death"), "bad")
        return join([status, died, day(patient.deceased_on)])
    return status


def related_persons(about: Subject) -> Iterator[Html]:
    """Yield the people named in the dossier; the payer is not the patient."""
    own = tag(Words("a son propre dossier", "has a dossier of their own"), "quiet")
    columns: list[TableColumn[RelatedPerson]] = [
        TableColumn(label=_RELATED_PERSON["relation"], cell=lambda one: both(code_words(one.relation))),
        TableColumn(
            label=_RELATED_PERSON["family_name"],
            cell=lambda one: join(
                [
                    title_with_details(f"{one.given_name} {one.family_name}".strip()),
                    own if one.other_patient not in {None, one.patient} else NOTHING,
                ]
            ),
        ),
        TableColumn(label=_RELATED_PERSON["contacts"], cell=lambda one: contacts(one.contacts)),
        TableColumn(label=_RELATED_PERSON["addresses"], cell=lambda one: addresses(one.addresses)),
        TableColumn(label=_RELATED_PERSON["note"], cell=lambda one: html_text(one.note)),
    ]
    yield from table(columns, about.dossier.related_persons)


def coverages(about: Subject) -> Iterator[Html]:
    """Yield who insures the patient."""
    columns: list[TableColumn[Coverage]] = [
        TableColumn(label=_COVERAGE["coverage"], cell=lambda one: both(code_words(one.coverage))),
        TableColumn(label=_COVERAGE["insurer"], cell=lambda one: html_text(one.insurer)),
        TableColumn(label=_COVERAGE["member"], cell=lambda one: html_text(one.member)),
        TableColumn(label=_COVERAGE["group"], cell=lambda one: html_text(one.group)),
        TableColumn(label=_COVERAGE["subscriber"], cell=lambda one: html_text(one.subscriber)),
        TableColumn(label=Words("Période", "Period"), cell=lambda one: period(one.start, one.end)),
    ]
    yield from table(columns, about.dossier.coverages)


def practitioners(about: Subject) -> Iterator[Html]:
    """Yield those who treated or signed, former staff included."""
    left = tag(Words("n’exerce plus ici", "no longer here"), "quiet")
    impersonal = tag(Words("n’est pas une personne", "not a person"), "quiet")
    columns: list[TableColumn[Practitioner]] = [
        TableColumn(
            label=_PRACTITIONER["family_name"],
            cell=lambda one: join(
                [
                    Html(f"<b>{practitioner_name(one)}</b>"),
                    NOTHING if one.active else left,
                    NOTHING if one.person else impersonal,
                ]
            ),
        ),
        TableColumn(label=_PRACTITIONER["specialty"], cell=lambda one: html_text(one.specialty)),
        TableColumn(
            label=_PRACTITIONER["identifiers"],
            cell=lambda one: stack(
                join([both(code_words(value.type)), identifier(value)]) for value in one.identifiers
            ),
        ),
        TableColumn(
            label=_PRACTITIONER["engagements"],
            cell=lambda one: stack(
                join(
                    [both(code_words(engagement.role)), small_text(period(engagement.start, engagement.end))]
                )
                for engagement in one.engagements
            ),
        ),
    ]
    yield from table(columns, about.dossier.practitioners)


def practice(about: Subject) -> Iterator[Html]:
    """Yield the practice that kept the dossier."""
    place = about.dossier.practice
    yield from facts(
        [
            Fact(label=_PRACTICE["name"], value=html_text(place.name)),
            Fact(label=_PRACTICE["legal_form"], value=html_text(place.legal_form)),
            Fact(
                label=_PRACTICE["identifiers"],
                value=stack(
                    join([both(code_words(value.type)), identifier(value)]) for value in place.identifiers
                ),
            ),
            Fact(label=_PRACTICE["contacts"], value=contacts(place.contacts)),
            Fact(label=_PRACTICE["addresses"], value=addresses(place.addresses)),
        ]
    )


def summary(about: Subject) -> Iterator[Html]:
    """Yield the lines under the patient's name at the top of the page."""
    patient = about.dossier.patient
    traits = patient.traits
    born = join([both(Words("né(e) le", "born")), day(traits.birth_date) or NOT_FILLED_IN])
    yield Html(f"<p>{born}</p>")
    named = join(
        [both(inline(_TRAITS["birth_family_name"])), html_text(traits.birth_family_name) or NOT_FILLED_IN]
    )
    yield Html(f"<p>{named}</p>")
    yield Html(f"<p>{both(inline(_TRAITS['sex']))} {both(code_words(traits.sex))}</p>")
    shown = ins(patient).replace("<br/>", " ")
    yield Html(f"<p>INS {shown or NOT_FILLED_IN}</p>")
