"""What the front desk wrote: calls, letters, laboratory slips, the access log, tables few programs know."""

from __future__ import annotations

from samples.story.book import Book
from samples.story.diary import Visit
from samples.story.master_data import definition, user_of
from samples.story.people import COLLABORATOR, Person

APPOINTMENT_CREATE, PATIENT_EDIT, PROCEDURE_EDIT = 25, 108, 100
"""PermType values of the access log as far as this story uses them."""


def speak(book: Book, people: tuple[Person, ...]) -> None:
    """Add calls and letters, and what the laboratory was asked."""
    for person in people:
        if person.number % 6 == 1:
            _call(book, person.number, "note_call", "A appelé pour déplacer son rendez-vous.", sent=2)
    _call(book, 45, "note_letter", "Courrier au Dr Évrard : INR avant chirurgie implantaire.", sent=1)
    _call(book, 8, "note_call", "Sa fille nous informe du décès. Condoléances transmises.", sent=2)
    _call(book, 41, "note_call", LETTER_AS_HTML, sent=1)
    book.add(
        "labcase",
        PatNum=45,
        LaboratoryNum=1,
        DateTimeDue="2024-10-07 12:00:00",
        DateTimeCreated="2024-09-23 09:00:00",
        DateTimeSent="2024-09-23 17:00:00",
        ProvNum=COLLABORATOR,
        Instructions="Couronne 36 sur implant, teinte A3, contact serré en mésial.",
        LabFee=148.5,
        InvoiceNum="PF-2024-118",
        DateTimeRecd="2024-10-04 11:00:00",
        DateTimeChecked="2024-10-04 11:30:00",
    )


LETTER_AS_HTML = (
    "<html><body><p style=\"color:red\">Bonjour&nbsp;!</p><script>alert('non')</script>"
    "<p>Rappel : <b>1 < 2</b> & rendez-vous à 9 h ☎ ☺</p></body></html>"
)
"""A message pasted as HTML: to be carried, never executed."""


def _call(book: Book, patient: int, kind: str, text: str, *, sent: int) -> None:
    book.add(
        "commlog",
        PatNum=patient,
        CommDateTime="2025-01-15 10:12:00",
        CommType=definition(kind),
        Note=text,
        Mode_=3,
        SentOrReceived=sent,
        UserNum=1,
        Signature="",
        DateTimeEnd="2025-01-15 10:15:00",
        CommSource=0,
    )


def watch(book: Book, seen: list[Visit]) -> None:
    """Add the access log: who made the appointment of every fourth visit, and two corrections of records."""
    for visit in seen[::4]:
        book.add(
            "securitylog",
            PermType=APPOINTMENT_CREATE,
            UserNum=user_of(visit.provider),
            LogDateTime=visit.start.isoformat(sep=" "),
            LogText="Rendez-vous créé",
            PatNum=visit.person.number,
            CompName="ACCUEIL",
            FKey=visit.appointment,
        )
    book.add(
        "securitylog",
        PermType=PATIENT_EDIT,
        UserNum=1,
        LogDateTime="2022-03-01 09:00:00",
        LogText="Dossier 34 fusionné dans le dossier 33",
        PatNum=33,
        CompName="ACCUEIL",
        FKey=33,
    )
    book.add(
        "securitylog",
        PermType=PROCEDURE_EDIT,
        UserNum=3,
        LogDateTime="2024-03-15 08:10:00",
        LogText="Note d'acte corrigée",
        PatNum=45,
        CompName="FAUTEUIL2",
        FKey=0,
    )


def leave_over(book: Book) -> None:
    """Add rows of tables that carry patients and that no mapping is expected to know."""
    book.add(
        "popup",
        PatNum=45,
        Description="Anticoagulé : INR du jour obligatoire",
        UserNum=3,
        DateTimeEntry="2023-01-19 09:00:00",
    )
    book.add(
        "popup", PatNum=16, Description="Préfère l'anglais", UserNum=3, DateTimeEntry="2022-06-01 09:00:00"
    )
    book.add(
        "orthochart",
        PatNum=3,
        DateService="2024-02-21",
        FieldName="Arc",
        FieldValue="NiTi .016",
        UserNum=3,
        ProvNum=COLLABORATOR,
    )
    book.add(
        "orthochart",
        PatNum=3,
        DateService="2024-02-21",
        FieldName="Élastiques",
        FieldValue="Classe II, nuit",
        UserNum=3,
        ProvNum=COLLABORATOR,
    )
    inbox = book.add("tasklist", Descript="Secrétariat", DateTimeEntry="2020-01-06 08:00:00")
    task = book.add(
        "task",
        TaskListNum=inbox,
        KeyNum=26,
        ObjectType=1,
        Descript="Envoyer le dossier à la patiente",
        DateTimeEntry="2025-06-27 16:00:00",
        UserNum=3,
        DateTimeFinished="0001-01-01 00:00:00",
        ReminderGroupId="",
        DateTimeOriginal="2025-06-27 16:00:00",
    )
    book.add(
        "tasknote",
        TaskNum=task,
        UserNum=1,
        DateTimeNote="2025-06-28 09:10:00",
        Note="Copie demandée par écrit.",
    )
    book.add(
        "custrefentry",
        PatNumCust=43,
        PatNumRef=45,
        DateEntry="2021-04-01",
        Note="Recommandé par M. Perrichon",
    )
