"""What the dentist must know of the body: problems, allergies, medicines, prescriptions, questionnaires."""

from __future__ import annotations

from samples.story.book import Book
from samples.story.people import COLLABORATOR, OWNER, Person

ACTIVE, RESOLVED, STOPPED = 0, 1, 2
"""ProbStatus of disease."""

CONSENT, MEDICAL_HISTORY, EXAM = 6, 11, 13
"""SheetType of the kinds of form the practice has filled."""

INPUT, STATIC, CHECKBOX, SIGNATURE = 1, 2, 8, 9
"""FieldType of sheetfield."""

PROBLEMS = (
    ("None", ""),
    ("Hypertension artérielle", "I10"),
    ("Diabète de type 2", "E11"),
    ("Valve cardiaque mécanique", "Z95.2"),
    ("Asthme", "J45"),
    ("Grossesse", "Z33"),
)
ALLERGIES = ("None", "Pénicilline", "Latex", "Articaïne", "Iode")
MEDICINES = (
    "None",
    "Warfarine 5 mg",
    "Metformine 500 mg",
    "Ramipril 5 mg",
    "Salbutamol inhalé",
    "Amoxicilline 1 g",
    "Paracétamol 1 g",
)
"""In each list the first entry says « explicitly none », which differs from a patient nobody asked."""

EXPLICITLY_NONE = 46


def remember(book: Book, people: tuple[Person, ...]) -> dict[str, int]:
    """Add the lists and every patient's medical rows; return the designated sheets."""
    _lists(book)
    _declared_none(book)
    _declared(book)
    for person in people:
        if person.number > 50 and person.number % 3 == 0:
            _problem(book, person.number, 2, "", ACTIVE, "2019-01-01")
            _medicine(book, person.number, 4, "1 le matin", "2019-01-01")
    _prescriptions(book)
    _vital_signs(book)
    _biology(book)
    return _sheets(book)


def _lists(book: Book) -> None:
    for place, (name, icd10) in enumerate(PROBLEMS):
        book.add("diseasedef", DiseaseName=name, ItemOrder=place, Icd10Code=icd10)
    for name in ALLERGIES:
        book.add("allergydef", Description=name)
    for name in MEDICINES:
        number = book.add("medication", MedName=name)
        book.rows["medication"][-1]["GenericNum"] = number


def _declared_none(book: Book) -> None:
    _problem(book, EXPLICITLY_NONE, 1, "déclaré par la patiente", ACTIVE, "2024-02-06")
    _allergy(book, EXPLICITLY_NONE, 1, "")
    _medicine(book, EXPLICITLY_NONE, 1, "", "2024-02-06")


def _declared(book: Book) -> None:
    _problem(book, 45, 2, "équilibrée", ACTIVE, "2009-05-01")
    _problem(book, 45, 4, "INR avant tout geste", ACTIVE, "2016-11-20")
    _problem(book, 7, 6, "terme prévu en mars 2019", RESOLVED, "2018-07-01", "2019-03-12")
    _problem(book, 13, 5, "à l'effort", STOPPED, "1990-01-01")
    _problem(book, 8, 3, "", ACTIVE, "2001-01-01")
    _allergy(book, 45, 2, "urticaire géante en 1987")
    _allergy(book, 1, 3, "")
    _allergy(book, 16, 5, "malaise", active=0)
    _medicine(book, 45, 2, "selon INR", "2016-11-20")
    _medicine(book, 45, 4, "1 par jour", "2009-05-01")
    _medicine(book, 13, 5, "si besoin", "1995-01-01", "2015-12-31")
    book.add(
        "medicationpat", PatNum=17, MedDescript="Tisane du jardin (saisie libre)", DateStart="2020-01-01"
    )


def _problem(
    book: Book, patient: int, listed: int, text: str, status: int, start: str, stop: str = "0001-01-01"
) -> None:
    book.add(
        "disease",
        PatNum=patient,
        DiseaseDefNum=listed,
        PatNote=text,
        ProbStatus=status,
        DateStart=start,
        DateStop=stop,
    )


def _allergy(book: Book, patient: int, listed: int, reaction: str, active: int = 1) -> None:
    book.add("allergy", PatNum=patient, AllergyDefNum=listed, Reaction=reaction, StatusIsActive=active)


def _medicine(book: Book, patient: int, listed: int, text: str, start: str, stop: str = "0001-01-01") -> None:
    book.add(
        "medicationpat",
        PatNum=patient,
        MedicationNum=listed,
        PatNote=text,
        DateStart=start,
        DateStop=stop,
        ProvNum=COLLABORATOR,
    )


def _prescriptions(book: Book) -> None:
    lines = (
        (
            45,
            "2024-03-14",
            "Amoxicilline : NON (allergie) — Spiramycine 3 M UI",
            "1 cp x 3 par jour, 6 jours",
            "18 cp",
            COLLABORATOR,
        ),
        (45, "2024-03-14", "Paracétamol 1 g", "1 cp toutes les 6 h si douleur", "16 cp", COLLABORATOR),
        (1, "2022-09-19", "Chlorhexidine 0,12 %", "1 bain de bouche x 2 par jour, 7 jours", "1 fl.", OWNER),
        (43, "2024-12-23", "Paracétamol 1 g", "1 cp toutes les 6 h", "8 cp", OWNER),
        (8, "2018-02-01", "Paracétamol 1 g", "1 cp si douleur", "8 cp", OWNER),
    )
    for patient, day, drug, sig, disp, provider in lines:
        book.add(
            "rxpat",
            PatNum=patient,
            RxDate=day,
            Drug=drug,
            Sig=sig,
            Disp=disp,
            Refills="0",
            ProvNum=provider,
            DaysOfSupply=6.0,
            PatientInstruction="",
        )


def _vital_signs(book: Book) -> None:
    measures = (
        (45, "2024-01-18", 148, 86, 72, 68.9, 180.8),
        (45, "2024-03-14", 136, 80, 68, 0.0, 0.0),
        (1, "2022-09-19", 118, 74, 0, 0.0, 0.0),
    )
    for patient, day, systolic, diastolic, pulse, height, weight in measures:
        book.add(
            "vitalsign",
            PatNum=patient,
            DateTaken=day,
            BpSystolic=systolic,
            BpDiastolic=diastolic,
            Pulse=pulse,
            Height=height,
            Weight=weight,
        )


def _biology(book: Book) -> None:
    order = book.add(
        "medlab",
        PatNum=45,
        ProvNum=COLLABORATOR,
        SendingFacility="Laboratoire de biologie du Bocage",
        ObsTestDescript="Hémostase avant chirurgie",
        DateTimeCollected="2024-03-12 07:40:00",
        DateTimeReported="2024-03-12 16:05:00",
        ResultStatus="F",
        NoteLab="Patient sous AVK.",
    )
    for name, loinc, value, unit, usual, flag in (
        ("INR", "6301-6", "2,8", "", "2,0 - 3,0", "None"),
        ("Plaquettes", "777-3", "238", "G/L", "150 - 400", "None"),
        ("Glycémie à jeun", "2345-7", "1,26", "g/L", "0,70 - 1,10", "H"),
        ("Sérologie VIH", "", "négatif", "", "", "NEG"),
    ):
        book.add(
            "medlabresult",
            MedLabNum=order,
            ObsText=name,
            ObsLoinc=loinc,
            ObsValue=value,
            ObsUnits=unit,
            ReferenceRange=usual,
            AbnormalFlag=flag,
            ResultStatus="F",
            DateTimeObs="2024-03-12 15:50:00",
        )


DEVICE = {
    "DeviceName": "Implant dentaire",
    "DeviceManufacturer": "TitanFictif",
    "DeviceModel": "Cylindre 4,1 x 10 mm",
    "DeviceReference": "TF4110",
    "DeviceUDI": "(01)03760000000017(17)270531(10)TF-2024-0317",
    "DeviceExpiry": "31/05/2027",
    "DeviceTeeth": "19",
}
"""What the implant card of the complete dossier says; teeth in the notation of the practice's screen."""


def _implant_card(book: Book) -> int:
    sheet = _sheet(book, 45, EXAM, "Carte d'implant", "2024-03-14")
    for place, (name, value) in enumerate(DEVICE.items()):
        _field(book, sheet, INPUT, name, value, 40 + 20 * place)
    return sheet


def _sheets(book: Book) -> dict[str, int]:
    complete = _questionnaire(
        book,
        45,
        "2024-01-18",
        {"Anticoagulant": True, "Fumeur": False, "Enceinte": False},
        "Valve mécanique posée en 2016.",
    )
    none = _questionnaire(
        book, EXPLICITLY_NONE, "2024-02-06", {"Anticoagulant": False, "Fumeur": False}, "Rien à signaler"
    )
    blank = _questionnaire(book, 10, "2023-03-03", {}, "")
    consent = _sheet(book, 45, CONSENT, "Consentement à la pose d'implant", "2024-03-01")
    _field(
        book,
        consent,
        STATIC,
        "",
        "J'ai reçu une information claire et accepte la pose d'un implant en 36.",
        40,
    )
    _field(book, consent, SIGNATURE, "signature", "SIGNATURE-FICTIVE", 80)
    return {
        "questionnaire": complete,
        "questionnaire_none": none,
        "questionnaire_blank": blank,
        "consent": consent,
        "implant_card": _implant_card(book),
    }


def _questionnaire(book: Book, patient: int, day: str, answers: dict[str, bool], text: str) -> int:
    number = _sheet(book, patient, MEDICAL_HISTORY, "Questionnaire médical", day)
    _field(book, number, STATIC, "", "Cochez ce qui vous concerne.", 40)
    for place, (question, answer) in enumerate(answers.items()):
        for word, ticked in (("Oui", answer), ("Non", not answer)):
            _field(book, number, CHECKBOX, question, "X" if ticked else "", 60 + 20 * place, choice=word)
    _field(book, number, INPUT, "Remarques", text, 200)
    _field(book, number, SIGNATURE, "signature", "SIGNATURE-FICTIVE" if answers else "", 240)
    return number


def _sheet(book: Book, patient: int, kind: int, title: str, day: str) -> int:
    return book.add(
        "sheet",
        SheetType=kind,
        PatNum=patient,
        DateTimeSheet=f"{day} 08:30:00",
        FontSize=9.0,
        FontName="Arial",
        Width=850,
        Height=1100,
        Description=title,
        DateTSheetEdited=f"{day} 08:40:00",
    )


def _field(book: Book, sheet: int, kind: int, name: str, value: str, top: int, *, choice: str = "") -> None:
    book.add(
        "sheetfield",
        SheetNum=sheet,
        FieldType=kind,
        FieldName=name,
        FieldValue=value,
        FontSize=9.0,
        FontName="Arial",
        XPos=60,
        YPos=top,
        Width=400,
        Height=16,
        RadioButtonValue=choice,
        RadioButtonGroup=name if choice else "",
        ReportableName=name if kind == CHECKBOX else "",
        ItemColor=-16777216,
    )
