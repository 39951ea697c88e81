"""Who someone is and how they are reached."""

from __future__ import annotations

from formats.model.dictionary.entry import Codes, FieldEntry, Fields, Privacy
from formats.model.dictionary.notations import COUNTRY, INSEE, OID_OR_URI
from formats.model.identity import (
    Address,
    Contact,
    ContactKind,
    ContactUse,
    EarlierTraits,
    Identifier,
    IdentifierType,
    InsStatus,
    Sex,
    Traits,
)
from formats.words import Words, mark

FIELDS: Fields = {
    Identifier: {
        "type": FieldEntry(
            Words("Nature", "Kind"), mark("What the identifier is for."), Privacy.ADMINISTRATIVE
        ),
        "system": FieldEntry(
            Words("Système", "Naming system"),
            mark("Naming system in which the value is unique: an OID in dots or a URI."),
            Privacy.ADMINISTRATIVE,
            codes=OID_OR_URI,
        ),
        "value": FieldEntry(
            Words("Valeur", "Value"),
            mark("The identifier itself, as the system writes it."),
            Privacy.ADMINISTRATIVE,
        ),
    },
    Traits: {
        "birth_family_name": FieldEntry(
            Words("Nom de naissance", "Birth name"),
            mark("Family name on the birth certificate."),
            Privacy.ADMINISTRATIVE,
        ),
        "birth_given_names": FieldEntry(
            Words("Prénoms de naissance", "Birth given names"),
            mark("Given names on the birth certificate, in their order."),
            Privacy.ADMINISTRATIVE,
        ),
        "used_family_name": FieldEntry(
            Words("Nom utilisé", "Name in use"),
            mark("Family name the person goes by, if another."),
            Privacy.ADMINISTRATIVE,
        ),
        "used_given_name": FieldEntry(
            Words("Prénom utilisé", "Given name in use"),
            mark("Given name the person goes by, if another."),
            Privacy.ADMINISTRATIVE,
        ),
        "birth_date": FieldEntry(
            Words("Date de naissance", "Date of birth"), mark("Date of birth."), Privacy.ADMINISTRATIVE
        ),
        "sex": FieldEntry(
            Words("Sexe", "Sex"),
            mark("Sex as a trait of the national health identity."),
            Privacy.ADMINISTRATIVE,
        ),
        "birth_place": FieldEntry(
            Words("Lieu de naissance (INSEE)", "Birthplace (INSEE)"),
            mark("Commune or country of birth by its INSEE code."),
            Privacy.ADMINISTRATIVE,
            codes=INSEE,
        ),
    },
    EarlierTraits: {
        "traits": FieldEntry(
            Words("Traits d’identité", "Identity traits"),
            mark("The traits the record had before its source changed them."),
            Privacy.ADMINISTRATIVE,
        ),
        "until": FieldEntry(
            Words("Jusqu’au", "Until"), mark("Moment at which the change was seen."), Privacy.ADMINISTRATIVE
        ),
    },
    Contact: {
        "kind": FieldEntry(
            Words("Nature", "Kind"), mark("By which means the person is reached."), Privacy.ADMINISTRATIVE
        ),
        "value": FieldEntry(
            Words("Valeur", "Value"),
            mark("Number or address, as the source writes it."),
            Privacy.ADMINISTRATIVE,
        ),
        "use": FieldEntry(
            Words("Usage", "Use"), mark("Where the contact reaches the person."), Privacy.ADMINISTRATIVE
        ),
    },
    Address: {
        "lines": FieldEntry(
            Words("Lignes", "Lines"),
            mark("Lines of the address above the postal code."),
            Privacy.ADMINISTRATIVE,
        ),
        "postal_code": FieldEntry(
            Words("Code postal", "Postal code"), mark("Postal code."), Privacy.ADMINISTRATIVE
        ),
        "city": FieldEntry(Words("Ville", "City"), mark("Town or city."), Privacy.ADMINISTRATIVE),
        "country": FieldEntry(
            Words("Pays", "Country"),
            mark("Country as the source writes it."),
            Privacy.ADMINISTRATIVE,
            codes=COUNTRY,
        ),
        "use": FieldEntry(Words("Usage", "Use"), mark("What the address is for."), Privacy.ADMINISTRATIVE),
    },
}
CODES: Codes = {
    IdentifierType: {
        IdentifierType.INS: Words("INS", "INS"),
        IdentifierType.NIR: Words("NIR (sécurité sociale)", "NIR (social security)"),
        IdentifierType.LOCAL: Words("numéro interne", "internal number"),
        IdentifierType.CHART: Words("numéro de dossier", "chart number"),
        IdentifierType.RPPS: Words("RPPS", "RPPS"),
        IdentifierType.ADELI: Words("ADELI", "ADELI"),
        IdentifierType.FINESS: Words("FINESS", "FINESS"),
        IdentifierType.SIRET: Words("SIRET", "SIRET"),
        IdentifierType.MEMBER: Words("numéro d’adhérent", "member number"),
        IdentifierType.OTHER: Words("autre identifiant", "other identifier"),
    },
    InsStatus: {
        InsStatus.PROVISIONAL: Words("identité provisoire", "provisional identity"),
        InsStatus.VALIDATED: Words("identité validée", "validated identity"),
        InsStatus.RETRIEVED: Words("identité récupérée", "retrieved identity"),
        InsStatus.QUALIFIED: Words("identité qualifiée", "qualified identity"),
    },
    Sex: {
        Sex.MALE: Words("masculin", "male"),
        Sex.FEMALE: Words("féminin", "female"),
        Sex.OTHER: Words("autre", "other"),
        Sex.UNKNOWN: Words("inconnu", "unknown"),
    },
    ContactKind: {
        ContactKind.PHONE: Words("téléphone", "phone"),
        ContactKind.MOBILE: Words("mobile", "mobile"),
        ContactKind.FAX: Words("télécopie", "fax"),
        ContactKind.EMAIL: Words("courriel", "e-mail"),
        ContactKind.URL: Words("adresse web", "web address"),
    },
    ContactUse: {
        ContactUse.UNKNOWN: Words("usage non précisé", "use not stated"),
        ContactUse.HOME: Words("domicile", "home"),
        ContactUse.WORK: Words("travail", "work"),
        ContactUse.OTHER: Words("autre", "other"),
    },
}
