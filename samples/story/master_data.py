"""Master data of the practice: settings, practitioners, users, rooms, prices, and the lists other rows point to."""

from __future__ import annotations

from dataclasses import dataclass

from samples.story import numbers
from samples.story.book import Book
from samples.story.people import COLLABORATOR, FORMER, OWNER, REPLACEMENT, Practitioner

SURFACES, TOOTH, MOUTH, QUADRANT, SEXTANT, ARCH, RANGE = 1, 2, 3, 4, 5, 6, 7
"""TreatArea as Open Dental numbers it."""

PRICES = 1
"""Fee schedule of the practice."""

CARRIERS = ("Mutuelle de l'Estuaire", "Prévoyance des Marais")
"""The two complementary insurers; plan 1 is of the first, plan 2 of the second."""

DEFINITIONS = {
    "adjustment_minus": (1, "Remise commerciale", "-"),
    "adjustment_plus": (1, "Rendez-vous non honoré", "+"),
    "unconfirmed": (2, "Non confirmé", "NC"),
    "confirmed": (2, "Confirmé", "OK"),
    "billing": (4, "Compte ordinaire", ""),
    "cheque": (10, "Chèque", ""),
    "card": (10, "Carte bancaire", ""),
    "cash": (10, "Espèces", ""),
    "transfer": (10, "Virement de mutuelle", ""),
    "care": (11, "Soins conservateurs", ""),
    "prosthesis": (11, "Prothèse", ""),
    "surgery": (11, "Chirurgie", ""),
    "imaging": (11, "Imagerie", ""),
    "prevention": (11, "Prévention et parodonte", ""),
    "recall_letter": (13, "Courrier envoyé", "COUR"),
    "caries": (16, "Carie", "C"),
    "pulpitis": (16, "Pulpite irréversible", "PI"),
    "letters": (18, "Courriers", "XE"),
    "photographs": (18, "Photographies", "XE"),
    "radiographs": (18, "Radiographies", "XE"),
    "quotes": (18, "Devis signés", "R"),
    "questionnaires": (18, "Questionnaires", "E"),
    "priority_1": (20, "1", ""),
    "priority_2": (20, "2", ""),
    "note_call": (27, "Appel", "PHONE"),
    "note_letter": (27, "Courrier au confrère", "MISC"),
    "dentist": (35, "Omnipratique", ""),
}
"""Choice lists of the practice: word used in this story → category, name, value of the ``definition`` row."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One entry of the price list; ``price`` in euros as the database holds it."""

    number: int
    code: str
    label: str
    short: str
    area: int
    price: float
    shelf: str


def _acts() -> dict[str, Act]:
    lines = (
        ("C", "Consultation", "Consultation", 0, 23.0, "prevention"),
        ("HBQK002", "Radiographie panoramique dentomaxillaire", "Panoramique", MOUTH, 21.28, "imaging"),
        (
            "HBQK389",
            "Radiographie intrabuccale d'un secteur de 1 à 3 dents",
            "Rétroalvéolaire",
            TOOTH,
            7.98,
            "imaging",
        ),
        (
            "LAQK027",
            "Radiographie volumique par faisceau conique (CBCT)",
            "Cone beam",
            MOUTH,
            69.0,
            "imaging",
        ),
        ("HBJD001", "Détartrage et polissage des dents", "Détartrage", MOUTH, 28.92, "prevention"),
        ("HBBD005", "Scellement prophylactique des sillons, 1 dent", "Scellement", TOOTH, 25.5, "prevention"),
        ("HBJA003", "Assainissement parodontal, 1 sextant", "DSR sextant", SEXTANT, 60.0, "prevention"),
        ("HBMD058", "Restauration incisive ou canine, 1 face", "Composite 1F", SURFACES, 26.97, "care"),
        ("HBMD050", "Restauration incisive ou canine, 2 faces", "Composite 2F", SURFACES, 45.38, "care"),
        ("HBMD053", "Restauration prémolaire ou molaire, 1 face", "Composite 1F", SURFACES, 26.97, "care"),
        ("HBMD049", "Restauration prémolaire ou molaire, 2 faces", "Composite 2F", SURFACES, 45.38, "care"),
        (
            "HBMD038",
            "Restauration prémolaire ou molaire, 3 faces ou plus",
            "Composite 3F",
            SURFACES,
            60.95,
            "care",
        ),
        ("HBFD006", "Pulpotomie d'une dent temporaire", "Pulpotomie", TOOTH, 30.0, "care"),
        (
            "HBFD008",
            "Exérèse de la pulpe vivante d'une molaire permanente",
            "Biopulpectomie",
            TOOTH,
            81.94,
            "care",
        ),
        ("HBGD036", "Avulsion d'une dent permanente sans alvéolectomie", "Avulsion", TOOTH, 33.44, "surgery"),
        ("HBGD035", "Avulsion d'une dent temporaire", "Avulsion DT", TOOTH, 16.72, "surgery"),
        ("LBLD015", "Pose d'un implant intraosseux intrabuccal, adulte", "Implant", TOOTH, 900.0, "surgery"),
        (
            "HBLD634",
            "Couronne céramométallique, incisive, canine ou première prémolaire",
            "Couronne CM",
            TOOTH,
            500.0,
            "prosthesis",
        ),
        ("HBLD734", "Couronne céramométallique, molaire", "Couronne CM", TOOTH, 550.0, "prosthesis"),
        ("HBLD038", "Couronne en alliage non précieux", "Couronne", TOOTH, 290.0, "prosthesis"),
        ("HBLD418", "Couronne implantoportée", "Couronne/implant", TOOTH, 800.0, "prosthesis"),
        (
            "HBLD090",
            "Infrastructure coronoradiculaire [inlay core]",
            "Inlay core",
            TOOTH,
            175.0,
            "prosthesis",
        ),
        ("HBLD785", "Bridge de 3 éléments remplaçant une incisive", "Bridge 3", RANGE, 1465.0, "prosthesis"),
        (
            "HBLD031",
            "Prothèse amovible complète unimaxillaire, base résine",
            "Complète",
            ARCH,
            1100.0,
            "prosthesis",
        ),
        ("HN001", "Éclaircissement (hors nomenclature)", "Éclaircissement", MOUTH, 350.0, "care"),
        (
            "HN002",
            "Gouttière occlusale par quadrant (code local)",
            "Gouttière",
            QUADRANT,
            200.0,
            "prosthesis",
        ),
        ("OBS01", "Fêlure à surveiller (constat, sans honoraires)", "Fêlure", TOOTH, 0.0, "care"),
    )
    return {
        code: Act(number=place, code=code, label=label, short=short, area=area, price=price, shelf=shelf)
        for place, (code, label, short, area, price, shelf) in enumerate(lines, start=1)
    }


ACTS = _acts()
"""The price list: code → entry. Codes of seven characters are CCAM; ``C`` is NGAP; the others are local."""

SETTINGS = {
    "DataBaseVersion": "21.1.9.0",
    "DocPath": "//serveur/OpenDentImages/",
    "AtoZfolderUsed": "1",
    "LanguageAndRegion": "fr-FR",
    "PracticeAddress2": "",
    "PracticeST": "",
    "PracticeDefaultProv": "1",
}

OWN_SETTINGS = {
    "PracticeTitle": "Cabinet dentaire des Tilleuls",
    "PracticeAddress": "12 place des Tilleuls",
    "PracticeCity": "Val-d'Orvanne",
    "PracticeZip": "99123",
    "PracticePhone": numbers.telephone(1200),
}
"""The practice; the place and its postcode exist nowhere."""


def definition(word: str) -> int:
    """Return the number of the choice called ``word``."""
    return list(DEFINITIONS).index(word) + 1


def furnish(book: Book, settings: dict[str, str], practitioners: tuple[Practitioner, ...]) -> None:
    """Add everything that concerns no patient."""
    for name, value in (settings | SETTINGS).items():
        book.add("preference", PrefName=name, ValueString=value, Comments="")
    _lists(book)
    _staff(book, practitioners)
    _prices(book)
    _partners(book)


def _lists(book: Book) -> None:
    for place, (category, name, value) in enumerate(DEFINITIONS.values()):
        book.add("definition", Category=category, ItemOrder=place, ItemName=name, ItemValue=value)
    for name in ("Fauteuil 1", "Fauteuil 2", "Radiologie"):
        book.add("operatory", OpName=name, Abbrev=name[-3:], ProvDentist=OWNER)
    book.add("recalltype", Description="Contrôle annuel", DefaultInterval=1 << 24, TimePattern="/X/")
    book.add("recalltype", Description="Maintenance parodontale", DefaultInterval=4 << 16, TimePattern="/XX/")
    for place, name in enumerate(("INS", "INS-OID", "INS-STATUS", "BirthName", "BirthPlace", "Occupation")):
        book.add("patfielddef", FieldName=name, ItemOrder=place)


def _staff(book: Book, practitioners: tuple[Practitioner, ...]) -> None:
    book.add("userod", UserName="Admin", UserGroupNum=1, AnesthProvType=3)
    for place, who in enumerate(practitioners):
        book.add(
            "provider",
            ProvNum=who.number,
            Abbr=who.short,
            ItemOrder=place,
            LName=who.family,
            FName=who.given,
            FeeSched=PRICES,
            Specialty=definition("dentist"),
            ProvColor=-4602138,
            IsHidden=int(who.ended is not None),
            SigOnFile=1,
            NationalProvID=who.rpps,
            IsNotPerson=int(not who.rpps),
            SchedNote=who.role,
            DateTerm=who.ended.isoformat() if who.ended else "0001-01-01",
        )
        if who.rpps:
            book.add(
                "userod",
                UserName=f"{who.given[0]}{who.family}".lower(),
                UserGroupNum=1,
                ProvNum=who.number,
                IsHidden=int(who.ended is not None),
                AnesthProvType=3,
            )


def _prices(book: Book) -> None:
    book.add("feesched", FeeSchedNum=PRICES, Description="Honoraires du cabinet", IsGlobal=1)
    for act in ACTS.values():
        book.add(
            "procedurecode",
            CodeNum=act.number,
            ProcCode=act.code,
            Descript=act.label,
            AbbrDesc=act.short,
            ProcTime="/X/",
            ProcCat=definition(act.shelf),
            TreatArea=act.area,
            IsProsth=int(act.shelf == "prosthesis"),
            IsRadiology=int(act.shelf == "imaging"),
        )
        book.add("fee", Amount=act.price, FeeSched=PRICES, CodeNum=act.number)


def _partners(book: Book) -> None:
    for name in CARRIERS:
        carrier = book.add("carrier", CarrierName=name, City="Val-d'Orvanne", Zip="99123")
        book.add("insplan", GroupName="Formule famille", GroupNum=f"G{carrier:03d}", CarrierNum=carrier)
    book.add(
        "laboratory",
        Description="Laboratoire Prothélia",
        Phone=numbers.telephone(4400),
        City="Orvanne-le-Vieux",
    )
    book.add(
        "referral",
        LName="Évrard",
        FName="Camille",
        Telephone=numbers.telephone(5500),
        Title="Dr",
        Note="médecin traitant",
        IsDoctor=1,
    )
    book.add(
        "referral", LName="Stomatologie du Bocage", NotPerson=1, Telephone=numbers.telephone(5501), IsDoctor=0
    )


def user_of(provider: int) -> int:
    """Return the user account of a practitioner of the sample practice."""
    return {OWNER: 2, COLLABORATOR: 3, FORMER: 4, REPLACEMENT: 5}.get(provider, 1)
