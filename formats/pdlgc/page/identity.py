"""Who the patient is, who answers for them, who insures them, who treated them."""

from __future__ import annotations

from collections.abc import Iterator

from formats.model.dictionary.entries import code_words
from formats.model.identity import INS_DEMO_OID, INS_TEST_OID, EarlierTraits, IdentifierType, InsStatus
from formats.model.people import Coverage, Patient, Practitioner, RelatedPerson
from formats.pdlgc.page.markup import (
    NOT_FILLED_IN,
    NOTHING,
    Fact,
    Html,
    TableColumn,
    both,
    facts,
    html_text,
    join,
    small_text,
    stack,
    table,
    tag,
)
from formats.pdlgc.page.subject import Subject, title_with_details
from formats.pdlgc.page.values import addresses, contacts, day, identifier, moment, period, practitioner_name
from formats.words import Words

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
        join([
            identifier(value),
            _TEST if value.system in {INS_TEST_OID, INS_DEMO_OID} else NOTHING,
        ])
        for value in values
    ]  # fmt: skip
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
            Fact(label=Words("Civilité", "Title"), value=html_text(patient.title)),
            Fact(label=Words("Nom de naissance", "Birth name"), value=html_text(traits.birth_family_name)),
            Fact(
                label=Words("Prénoms de naissance", "Birth given names"),
                value=html_text(", ".join(traits.birth_given_names)),
            ),
            Fact(
                label=Words("Nom et prénom utilisés", "Names in use"),
                value=join([html_text(traits.used_given_name), html_text(traits.used_family_name)]),
            ),
            Fact(label=Words("Date de naissance", "Date of birth"), value=day(traits.birth_date)),
            Fact(label=Words("Sexe", "Sex"), value=both(code_words(traits.sex))),
            Fact(
                label=Words("Lieu de naissance (INSEE)", "Birthplace (INSEE)"),
                value=html_text(traits.birth_place),
            ),
            Fact(label=Words("Identité nationale de santé", "National health identity"), value=ins(patient)),
            Fact(
                label=Words("Autres identifiants", "Other identifiers"),
                value=stack(join([both(code_words(value.type)), identifier(value)]) for value in others),
            ),
            *_situation(patient),
            Fact(label=Words("Contacts", "Contacts"), value=contacts(patient.contacts)),
            Fact(label=Words("Adresses", "Addresses"), value=addresses(patient.addresses)),
            Fact(label=Words("Statut au cabinet", "Status in the practice"), value=_status(patient)),
            Fact(label=Words("Première visite", "First visit"), value=day(patient.first_visit)),
            Fact(
                label=Words("Praticien traitant", "Attending practitioner"),
                value=about.practitioner(patient.attending),
            ),
            Fact(label=Words("Langue", "Language"), value=html_text(patient.language)),
            *_history(about),
        ]
    )


def _situation(patient: Patient) -> Iterator[Fact]:
    """Yield the family situation, the occupation and the employer."""
    status = patient.marital_status
    yield Fact(
        label=Words("Situation familiale", "Family situation"),
        value=both(code_words(status)) if status else NOTHING,
    )
    yield Fact(label=Words("Profession", "Occupation"), value=html_text(patient.occupation))
    yield Fact(label=Words("Employeur", "Employer"), value=html_text(patient.employer))


def _history(about: Subject) -> Iterator[Fact]:
    """Yield the traits the record had before, and the other records of the person, where there are any."""
    patient = about.dossier.patient
    if patient.earlier_traits:
        earlier = stack(_earlier(one, about) for one in patient.earlier_traits)
        yield Fact(label=Words("Traits antérieurs", "Earlier traits"), value=earlier)
    if patient.linked:
        others = stack(html_text(one) for one in patient.linked)
        yield Fact(
            label=Words("Autres fiches de cette personne", "Other records of this person"), value=others
        )


def _earlier(one: EarlierTraits, about: Subject) -> Html:
    traits = one.traits
    birth = html_text(" ".join((traits.birth_family_name, *traits.birth_given_names)))
    used = html_text(f"{traits.used_given_name} {traits.used_family_name}".strip())
    until = join([both(Words("jusqu’au", "until")), moment(one.until, about.zone)])
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
        TableColumn(label=Words("Lien", "Relation"), cell=lambda one: both(code_words(one.relation))),
        TableColumn(
            label=Words("Nom", "Name"),
            cell=lambda one: join(
                [
                    title_with_details(f"{one.given_name} {one.family_name}".strip()),
                    own if one.other_patient else NOTHING,
                ]
            ),
        ),
        TableColumn(label=Words("Contacts", "Contacts"), cell=lambda one: contacts(one.contacts)),
        TableColumn(label=Words("Adresses", "Addresses"), cell=lambda one: addresses(one.addresses)),
        TableColumn(label=Words("Remarque", "Note"), cell=lambda one: html_text(one.note)),
    ]
    yield from table(columns, about.dossier.related_persons)


def coverages(about: Subject) -> Iterator[Html]:
    """Yield who insures the patient."""
    columns: list[TableColumn[Coverage]] = [
        TableColumn(label=Words("Nature", "Kind"), cell=lambda one: both(code_words(one.coverage))),
        TableColumn(label=Words("Organisme", "Insurer"), cell=lambda one: html_text(one.insurer)),
        TableColumn(
            label=Words("Numéro d’adhérent", "Member number"), cell=lambda one: html_text(one.member)
        ),
        TableColumn(label=Words("Groupe", "Group"), cell=lambda one: html_text(one.group)),
        TableColumn(label=Words("Assuré", "Subscriber"), cell=lambda one: html_text(one.subscriber)),
        TableColumn(label=Words("Période", "Period"), cell=lambda one: period(one.start, one.end)),
    ]
    yield from table(columns, about.dossier.coverages)


def practitioners(about: Subject) -> Iterator[Html]:
    """Yield those who treated or signed, former staff included."""
    left = tag(Words("n’exerce plus ici", "no longer here"), "quiet")
    columns: list[TableColumn[Practitioner]] = [
        TableColumn(
            label=Words("Nom", "Name"),
            cell=lambda one: join(
                [Html(f"<b>{practitioner_name(one)}</b>"), NOTHING if one.active else left]
            ),
        ),
        TableColumn(label=Words("Spécialité", "Specialty"), cell=lambda one: html_text(one.specialty)),
        TableColumn(
            label=Words("Identifiants", "Identifiers"),
            cell=lambda one: stack(
                join([both(code_words(value.type)), html_text(value.value)]) for value in one.identifiers
            ),
        ),
        TableColumn(
            label=Words("Exercice", "Engagement"),
            cell=lambda one: stack(
                join([both(code_words(held.role)), small_text(period(held.start, held.end))])
                for held in one.engagements
            ),
        ),
    ]
    yield from table(columns, about.dossier.practitioners)


def practice(about: Subject) -> Iterator[Html]:
    """Yield the practice that kept the dossier."""
    held = about.dossier.practice
    yield from facts(
        [
            Fact(label=Words("Cabinet", "Practice"), value=html_text(held.name)),
            Fact(label=Words("Forme juridique", "Legal form"), value=html_text(held.legal_form)),
            Fact(
                label=Words("Identifiants", "Identifiers"),
                value=stack(
                    join([both(code_words(value.type)), identifier(value)]) for value in held.identifiers
                ),
            ),
            Fact(label=Words("Contacts", "Contacts"), value=contacts(held.contacts)),
            Fact(label=Words("Adresses", "Addresses"), value=addresses(held.addresses)),
        ]
    )


def summary(about: Subject) -> Iterator[Html]:
    """Yield the lines under the patient's name at the top of the page."""
    patient = about.dossier.patient
    traits = patient.traits
    born = join([both(Words("né(e) le", "born")), day(traits.birth_date) or NOT_FILLED_IN])
    yield Html(f"<p>{born}</p>")
    named = join(
        [both(Words("nom de naissance", "birth name")), html_text(traits.birth_family_name) or NOT_FILLED_IN]
    )
    yield Html(f"<p>{named}</p>")
    yield Html(f"<p>{both(Words('sexe', 'sex'))} {both(code_words(traits.sex))}</p>")
    shown = ins(patient).replace("<br/>", " ")
    yield Html(f"<p>INS {shown or NOT_FILLED_IN}</p>")
