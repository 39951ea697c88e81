"""Documents of a transfer: valid for decades, true to their data in both languages, and set as French is set."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from archiver.handover.kinds import kind_words
from archiver.paperwork.departure import DepartureData, PlaceData, PractitionerData
from archiver.paperwork.documents import (
    DATA,
    DOCUMENTS,
    Document,
    PrintedDocument,
    RegisterDocument,
    TransferDocument,
    VaultDocument,
    print_document,
)
from archiver.paperwork.meaning import data_fields
from archiver.paperwork.reception import (
    ComparedCountData,
    ReceiptData,
    ReceivedDossierData,
    StateCountData,
)
from archiver.paperwork.registers.breach import BreachData
from archiver.paperwork.registers.destruction import (
    DestroyedPackageData,
    DestructionData,
    PurgedStorageData,
)
from archiver.paperwork.registers.processing import (
    ActivityData,
    HostData,
    MeasureData,
    NoticeData,
    ProcessingData,
    RecipientData,
    SourceData,
)
from archiver.paperwork.situation import SITUATION_WORDS, Situation
from archiver.paperwork.templates import own_templates
from archiver.paperwork.transfer import (
    AgreementData,
    CodeData,
    CountData,
    FileData,
    HoleData,
    LeftOutData,
    NumberData,
    PartyData,
    RosterSignatureData,
    SignerData,
    TermData,
    TransferData,
    VolumeData,
)
from formats.digests import SHA256, Digest
from formats.model.dictionary.kinds import KINDS
from formats.words import LANGUAGES
from tests.pdfa import pdfa_faults
from tests.tools import need, run

pytestmark = pytest.mark.slow
"""Every document is typeset several times."""

MADE = datetime(2026, 3, 1, 9, 5, tzinfo=timezone(timedelta(hours=1)))
HOSTILE = '#panic("x") *Cabinet* $ _Ÿ_ \\ `Lœuilleux-Žižek` 王'
LONG = "Société d’exercice libéral à responsabilité limitée de chirurgiens-dentistes " + "W" * 200
WIDE, THIN = "\u00a0", "\u202f"


def kinds() -> tuple[CountData, ...]:
    return tuple(
        CountData(kind=CodeData(code=kind, words=kind_words(kind)), count=1_234_567) for kind in KINDS
    )


def file(name: str) -> FileData:
    return FileData(
        name=name, size=4_294_967_296, sha256=Digest(SHA256, bytes.fromhex("0123456789abcdef" * 4))
    )


TRANSFER = TransferData(
    made=MADE,
    identifier="2144f2ee-ef67-40d6-8798-bfe507d3e5cd",
    created=MADE,
    revision=3,
    signed_list=Digest(SHA256, bytes.fromhex("fedcba9876543210" * 4)),
    units=22,
    file=file("kerbrat.asice"),
    volumes=(),
    signers=(SignerData(name="Dr Malo Kerbrat (RPPS 99900000029)", fingerprint="ab" * 32),),
    ground=CodeData(code="collaboration-exit", words="end of a collaboration"),
    sender=PartyData(name="Cabinet des Tilleuls", numbers=(NumberData(system="FINESS", value="990000001"),)),
    receiver=PartyData(name="Cabinet du Vieux Pressoir"),
    controller_before=PartyData(name="Cabinet des Tilleuls"),
    controller_after=None,
    everybody=False,
    terms=(
        TermData(
            term=CodeData(code="situation", words="situation"),
            value=CodeData(code="merger", words="two practices become one"),
        ),
    ),
    agreement=AgreementData(
        asked=2,
        found=1,
        unsigned="La titulaire est hospitalisée",
        signatures=(
            RosterSignatureData(
                party="99900000029", name="Dr Malo Kerbrat", signed_at=MADE, sha256=Digest.from_hex("ef" * 32)
            ),
        ),
    ),
    on_hold=2,
    opened=True,
    counts=(CountData(kind=CodeData(code="patients", words=kind_words("patients")), count=21),),
    sums=(CountData(kind=CodeData(code="paid_cents", words=kind_words("paid_cents")), count=123_456_705),),
    holes=(
        HoleData(
            kind=CodeData(code="documents", words=kind_words("documents")),
            count=1,
            of=8,
            reason=CodeData(code="file-missing", words="the source had no such file"),
        ),
    ),
    left_out=(
        LeftOutData(
            kind=CodeData(code="patients", words=kind_words("patients")), count=46, reason="not on the roster"
        ),
    ),
)
FULL = replace(
    TRANSFER,
    sender=PartyData(name=HOSTILE),
    receiver=PartyData(name=LONG),
    controller_after=PartyData(name=LONG),
    file=file("x" * 180 + ".asice"),
    volumes=tuple(
        VolumeData(
            number=number,
            identifier=f"00000000-0000-4000-8000-{number:012}",
            file=file(f"kerbrat-{number:03}.asice"),
            units=1000,
            retention_year=2040 + number,
        )
        for number in range(1, 41)
    ),
    signers=(*TRANSFER.signers, SignerData(name=HOSTILE, fingerprint="cd" * 32)),
    counts=kinds(),
    holes=TRANSFER.holes * 60,
)
EMPTY = replace(
    TRANSFER,
    receiver=None,
    opened=False,
    terms=(),
    agreement=None,
    sums=(),
    holes=(),
    left_out=(),
    counts=(),
    on_hold=0,
    signers=(),
)
DEPARTURE = DepartureData(
    made=MADE,
    situation=CodeData(code="departure", words=SITUATION_WORDS[Situation.DEPARTURE]),
    practitioner=PractitionerData(
        name="Dr Malo Kerbrat",
        rpps="99900000029",
        specialty="Omnipratique",
        role=CodeData(code="collaborator", words="collaborator"),
    ),
    practice=PlaceData(
        name="Cabinet des Tilleuls",
        address=("12 place des Tilleuls", "99123 Val-d’Orvanne"),
        telephone="0261911200",
        email="accueil@tilleuls.example",
        numbers=(NumberData(system="FINESS", value="990000001"),),
    ),
    last_day=date(2026, 7, 31),
    notice_by=date(2026, 1, 31),
    late=True,
    successor="",
    new_practice="3 rue du Port, 99124 Plœmeur",
    keeper="",
)
SUCCESSION = replace(
    DEPARTURE,
    situation=CodeData(code="succession", words=SITUATION_WORDS[Situation.SUCCESSION]),
    successor=HOSTILE,
    practice=replace(DEPARTURE.practice, name=LONG, address=(LONG,) * 3),
)
CESSATION = replace(
    DEPARTURE,
    situation=CodeData(code="cessation", words=SITUATION_WORDS[Situation.CESSATION]),
    practitioner=PractitionerData(name="Dr Malo Kerbrat", rpps="", specialty="", role=None),
    practice=PlaceData(name="", address=(), telephone="", email="", numbers=()),
    last_day=None,
    notice_by=None,
    late=False,
)
CAME_IN = CodeData(code="came-in", words="taken in")
RECEIPT = ReceiptData(
    made=MADE,
    identifier=TRANSFER.identifier,
    revision=1,
    signed_list=TRANSFER.signed_list,
    created=MADE,
    received=MADE,
    ground=TRANSFER.ground,
    sender=TRANSFER.sender,
    receiver=TRANSFER.receiver,
    signers=TRANSFER.signers,
    terms=TRANSFER.terms,
    agreement=TRANSFER.agreement,
    complete=False,
    done=False,
    states=(StateCountData(state=CAME_IN, count=21),),
    counts=(
        ComparedCountData(kind=TRANSFER.counts[0].kind, announced=21, found=19, left_aside=1),
        ComparedCountData(
            kind=TRANSFER.sums[0].kind, announced=100_50, found=100_50, left_aside=0, money=True
        ),
    ),
    dossiers=(
        ReceivedDossierData(
            number="45",
            name="Exemple Anne",
            birth_date="1983-05",
            state=CAME_IN,
            records=17,
            files=2,
            remark="the source had no such file",
        ),
    ),
)
FULL_RECEIPT = replace(
    RECEIPT,
    receiver=None,
    complete=True,
    done=True,
    dossiers=(*RECEIPT.dossiers * 120, replace(RECEIPT.dossiers[0], name=HOSTILE + LONG)),
)


WORDS = CodeData(code="", words="the diary of the practitioners")
HOST = HostData(
    name="Val de Loire Archives",
    service="archives",
    certificate="HDS-2026-9",
    scope="1 à 6",
    until=date(2029, 12, 1),
    over=False,
    certified=True,
)
ACTIVITY = ActivityData(
    activity=CodeData(code="care", words="Care of patients, and their dossiers"),
    purposes=(WORDS,),
    basis=CodeData(code="", words="article 6(1)(c): legal obligation"),
    sensitive=CodeData(code="", words="article 9(2)(h): care"),
    people=TRANSFER.counts,
    data=(),
    recipients=(WORDS,),
    retention=(CodeData(code="CSP R1112-7", words="until the 28th birthday"),),
)
HANDOVER = CodeData(code="handover", words="Taking dossiers over, handing them over, archiving")
RECIPIENT = RecipientData(
    name="Cabinet du Pressoir",
    ground=CodeData(code="succession", words="succession"),
    day=date(2026, 3, 1),
    packages=2,
)
JOURNAL = CodeData(code="journal", words="whatever changes the store is written in its journal")
PROCESSING = ProcessingData(
    made=MADE,
    practice=DEPARTURE.practice,
    legal_form="SELARL",
    practitioners=(DEPARTURE.practitioner,),
    former=1,
    activities=(ACTIVITY,),
    hosts=(HOST,),
    receivers=(RECIPIENT,),
    sources=(
        SourceData(
            origin=CodeData(code="CN=Dr Kerbrat", words="CN=Dr Kerbrat"), day=date(2026, 2, 1), dossiers=21
        ),
    ),
    measures=(MeasureData(measure=JOURNAL, count=12, since=date(2026, 1, 1)),),
)
FULL_PROCESSING = replace(
    PROCESSING,
    practice=SUCCESSION.practice,
    legal_form=HOSTILE,
    practitioners=(replace(DEPARTURE.practitioner, name=LONG),) * 20,
    hosts=(replace(HOST, name=HOSTILE, scope=LONG, certified=False, over=True),) * 40,
    activities=(replace(ACTIVITY, data=kinds()),) * 8 + (replace(ACTIVITY, activity=HANDOVER),),
    receivers=(replace(RECIPIENT, name=LONG), replace(RECIPIENT, name=HOSTILE), replace(RECIPIENT, name=""))
    * 20,
    sources=(SourceData(origin=CodeData(code=LONG, words=LONG), day=date(2026, 2, 1), dossiers=None),) * 20,
)
NOTICE = NoticeData(
    made=MADE, practice=DEPARTURE.practice, practitioners=PROCESSING.practitioners, hosts=(HOST,)
)
BREACH = BreachData(
    made=MADE,
    practice=DEPARTURE.practice,
    number=3,
    step=CodeData(code="inform", words="tell the persons, without undue delay"),
    natures=(CodeData(code="integrity", words="integrity: changed"),),
    known="2026-02-24T18:30:00+01:00",
    notify_by=datetime(2026, 2, 27, 18, 30, tzinfo=MADE.tzinfo),
    late=True,
    happened="2026-02-24",
    facts="Laptop stolen",
    persons="60",
    records="",
    data="dossiers",
    consequences="read by others",
    measures="complaint",
    risk=CodeData(code="high", words="a high risk: the CNIL is notified, and the persons are told"),
    risk_reason="not encrypted",
    notified=MADE,
    notification="N-1",
    delay_reason="closed for the holidays",
    informed=None,
    informing="",
    uninformed_reason="",
    closed=None,
    closing_remark="",
)
FULL_BREACH = replace(
    BREACH,
    practice=SUCCESSION.practice,
    known="2026-02-24",
    facts=HOSTILE,
    **dict.fromkeys(("data", "consequences", "measures", "risk_reason", "uninformed_reason"), LONG * 4),
)


DESTRUCTION = DestructionData(
    made=MADE,
    vault="Archives Exemple",
    vault_id="urn:uuid:2e527adc-b15b-41ef-994c-ac3112c3733a",
    destruction="urn:uuid:0d5f9a3e-8c1b-4a7e-9f50-3b1c2d4e5f60",
    requested_by="Anne Martin",
    requested=MADE,
    approved_by="Paul Durand",
    approved=MADE,
    begun=MADE,
    ended=MADE,
    signer="Archives Exemple",
    request_sha256=Digest.from_hex("ab" * 32),
    packages=(
        DestroyedPackageData(
            package="2144f2ee-ef67-40d6-8798-bfe507d3e5cd",
            sender="Cabinet des Tilleuls",
            revisions=2,
            destroy_from=date(2026, 1, 1),
            units=22,
            size=4_294_967_296,
        ),
    ),
    storages=(
        PurgedStorageData(name="storage-1", host="Val de Loire Archives", certificate="HDS-2026-0001"),
        PurgedStorageData(name="storage-2", host="", certificate=""),
    ),
)
FULL_DESTRUCTION = replace(
    DESTRUCTION,
    vault=HOSTILE,
    requested_by=LONG,
    signer=LONG,
    packages=(replace(DESTRUCTION.packages[0], sender=LONG, revisions=1),) * 40,
    storages=(replace(DESTRUCTION.storages[0], host=LONG, certificate=LONG),) * 4,
)


def case(*known: Any) -> dict[Document, Any]:
    """Return the data of every document."""
    data = {type(one): one for one in known}
    return {document: data[DATA[document]] for document in DOCUMENTS}


CASES: dict[str, dict[Document, Any]] = {
    "usual": case(TRANSFER, DEPARTURE, RECEIPT, PROCESSING, NOTICE, BREACH, DESTRUCTION),
    "full": case(
        *(FULL, SUCCESSION, FULL_RECEIPT, FULL_PROCESSING, FULL_BREACH, FULL_DESTRUCTION),
        replace(NOTICE, practice=SUCCESSION.practice, hosts=FULL_PROCESSING.hosts[:5]),
    ),
    "empty": case(
        *(EMPTY, CESSATION, replace(RECEIPT, counts=(), states=(), dossiers=(), signers=())),
        replace(
            PROCESSING,
            practice=CESSATION.practice,
            **dict.fromkeys(("practitioners", "activities", "hosts", "sources", "measures"), ()),
        ),
        replace(NOTICE, practice=CESSATION.practice, practitioners=(), hosts=()),
        replace(BREACH, natures=(), risk=None, notified=None, late=False, delay_reason=""),
        replace(DESTRUCTION, storages=DESTRUCTION.storages[1:]),
    ),
}


def printed(name: str) -> Iterator[PrintedDocument]:
    for document, data in CASES[name].items():
        yield from print_document(document, data, own_templates(), made=MADE)


def named(one: PrintedDocument) -> Document:
    return next(document for document in DOCUMENTS if document.value == one.data["document"])


def shown(one: PrintedDocument, folder: Path) -> list[str]:
    """Return the text of each page, as another program reads it."""
    path = folder / one.name
    path.write_bytes(one.pdf)
    run(need("pdftotext"), "-layout", path, path.with_suffix(".txt"))
    return path.with_suffix(".txt").read_text(encoding="utf-8").removesuffix("\f").split("\f")


def test_every_document_is_pdf_a(tmp_path: Path) -> None:
    files = {f"{name}-{one.name}": one.pdf for name in CASES for one in printed(name)}
    assert len(files) == len(CASES) * len(DOCUMENTS) * len(LANGUAGES)
    assert set(pdfa_faults(files, tmp_path).values()) == {""}


def test_the_same_data_give_the_same_bytes() -> None:
    assert [one.pdf for one in printed("full")] == [one.pdf for one in printed("full")]


def test_a_document_has_a_title_and_the_language_it_is_in() -> None:
    for one in printed("usual"):
        reader = PdfReader(io.BytesIO(one.pdf))
        assert reader.metadata and reader.metadata.title
        assert reader.trailer["/Root"]["/Lang"].lower().startswith(one.language)
        assert reader.metadata.creation_date == MADE


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_uses_every_field_or_says_why_not(document: Document, language: str) -> None:
    template = own_templates()[f"{language}/{document.value}.typ"].decode()
    top = {one.place for one in data_fields(DATA[document]) if "." not in one.place}
    unused = {name for name in top if not re.search(rf"\bdata\.{name}\b", template)}
    assert unused == LEFT_OUT[document]


LEFT_OUT: dict[Document, set[str]] = {
    **{document: set() for document in RegisterDocument},
    VaultDocument.DESTRUCTION: {"made"},
    TransferDocument.SLIP: {"made", "everybody"},
    TransferDocument.PATIENTS_LETTER: {"made", "notice_by", "late"},
    TransferDocument.ORDER_NOTICE: {"made", "practice", "last_day", "successor", "new_practice"},
    TransferDocument.ARS_NOTICE: {"made", "practice", "last_day", "successor", "new_practice"},
    TransferDocument.RECEIPT: {"made"},
    TransferDocument.ATTESTATION: {
        *(
            "made",
            "units",
            "volumes",
            "sums",
            "opened",
            "controller_before",
            "controller_after",
            "agreement",
            "terms",
        )
    },
}
"""Fields no template of a document needs: when it was made is in the PDF; an attestation is about dossiers alone."""


def test_what_the_data_say_is_on_the_page_in_both_languages(tmp_path: Path) -> None:
    for one in printed("usual"):
        if DATA[named(one)] is not TransferData:
            continue
        text = re.sub(r"\s+", " ", " ".join(shown(one, tmp_path)))
        french = one.language == "fr"
        assert TRANSFER.identifier in text and "Dr Malo Kerbrat (RPPS 99900000029)" in text
        assert (
            "1er mars 2026 à 9 h 05 (UTC+01:00)" if french else "1 March 2026 at 09:05 (UTC+01:00)"
        ) in text
        assert ("fin de collaboration" if french else "end of a collaboration") in text
        assert ("absents de la liste de départ" if french else "not on the roster") in text
        assert "46" in text and "fedc ba98 7654 3210 fedc ba98 7654 3210" in text
        if one.data["document"] == "slip":
            assert ("1 234 567,05 €" if french else "€1,234,567.05") in text
            assert ("4 294 967 296 octets" if french else "4,294,967,296 bytes") in text
            assert "FINESS 990000001" in text and "abab abab" in text


def test_names_of_others_are_text_and_what_no_font_has_is_said(tmp_path: Path) -> None:
    for one in printed("full"):
        assert one.letters == ("王",)
        text = re.sub(r"\s+", " ", " ".join(shown(one, tmp_path)))
        if one.data["document"] == "receipt":  # in a narrow column, beside others
            continue
        assert '#panic("x") *Cabinet* $ _Ÿ_ \\ `Lœuilleux-Žižek` [U+738B]' in text
        assert ("numéro Unicode" if one.language == "fr" else "Unicode number") in text
    assert all(one.letters == () for one in printed("usual"))


def test_a_register_says_what_it_must_in_both_languages(tmp_path: Path) -> None:
    must: dict[Document, tuple[str, ...]] = {
        RegisterDocument.PROCESSING: (
            "RPPS 99900000029",
            "SELARL",
            "HDS-2026-9",
            "CSP R1112-7",
            "2020-081",
            "9",
            "12",
        ),
        RegisterDocument.NOTICE: (
            "Val de Loire Archives",
            "L. 1111-8",
            "L. 1111-7",
            "R. 1112-7",
            "L. 1110-4",
            "CNIL",
        ),
        VaultDocument.DESTRUCTION: (
            "Anne Martin",
            "Paul Durand",
            "abab abab",
            "2144f2ee-ef67-40d6-8798-bfe507d3e5cd",
            "HDS-2026-0001",
            "22",
        ),
        RegisterDocument.BREACH: ("18", "30", "N-1", "Laptop stolen", "60", "closed for the holidays"),
    }
    for document, words in must.items():
        for one in print_document(document, CASES["usual"][document], own_templates(), made=MADE):
            pages = shown(one, tmp_path)
            text = re.sub(r"\s+", " ", " ".join(pages))
            absent = [word for word in words if word not in text]
            assert absent == (["CNIL"] if absent and one.language == "fr" else []), (document, one.language)
            assert len(pages) == 1 or document is RegisterDocument.PROCESSING


def test_no_host_without_a_certificate_in_force_is_called_certified(tmp_path: Path) -> None:
    data = replace(NOTICE, hosts=(HOST, replace(HOST, name="Sauvegarde Plus", certified=False)))
    for one in print_document(RegisterDocument.NOTICE, data, own_templates(), made=MADE):
        text = re.sub(r"\s+", " ", " ".join(shown(one, tmp_path)))
        certified, _, rest = text.partition("Val de Loire Archives. ")
        assert "Sauvegarde Plus" not in certified and "Sauvegarde Plus" in rest


LETTERS = [document for document in TransferDocument if DATA[document] is DepartureData]


@pytest.mark.parametrize("situation", Situation)
def test_a_letter_is_one_page_and_says_what_it_must(situation: Situation, tmp_path: Path) -> None:
    data = replace(DEPARTURE, situation=CodeData(code=situation.value, words=SITUATION_WORDS[situation]))
    for document in LETTERS:
        for one in print_document(document, data, own_templates(), made=MADE):
            (page,) = shown(one, tmp_path)
            text = re.sub(r"\s+", " ", page)
            assert "Dr Malo Kerbrat" in text and ("31 juillet 2026" in text or "31 July 2026" in text)
            articles = ("L. 1110-8", "R. 4127-264", "L. 1111-7", "R. 1112-7", "9.2.h")
            if document is not TransferDocument.PATIENTS_LETTER:
                articles = ("L. 4113-15",)
                assert ("31 janvier 2026" in text) or ("31 January 2026" in text)
            assert all(article in text for article in articles)
            assert ("02 61 91 12 00" in text) == (document is TransferDocument.PATIENTS_LETTER)


def test_a_receipt_shows_every_difference(tmp_path: Path) -> None:
    for one in print_document(TransferDocument.RECEIPT, RECEIPT, own_templates(), made=MADE):
        text = re.sub(r"\s+", " ", " ".join(shown(one, tmp_path)))
        assert re.search(r"patients 21 19 1 −1 ", text)
        assert ("100,50 € 100,50 € 0,00 € –" if one.language == "fr" else "€100.50 €100.50 €0.00 –") in text
        assert ("45 Exemple Anne 05/1983" if one.language == "fr" else "45 Exemple Anne 1983-05") in text


AGAIN = {
    "receipt": ("Né(e) le", "Born"),
    "processing-register": ("Hébergeur", "Host"),
    "destruction-certificate": ("Déposant", "Depositor"),
}
"""By document, a heading of its longest table in French and in English."""


def test_nothing_runs_off_the_page_and_headings_come_again(tmp_path: Path) -> None:
    for one in printed("full"):
        pages = shown(one, tmp_path)
        letter = DATA[named(one)] in {DepartureData, NoticeData, BreachData}
        assert len(pages) > (0 if letter else 2)
        last = "page " + f"{len(pages)}/{len(pages)}"
        assert last in re.sub(WIDE, " ", pages[-1])
        run(need("pdftotext"), "-bbox", tmp_path / one.name, tmp_path / "boxes.html")
        boxes = (tmp_path / "boxes.html").read_text(encoding="utf-8")
        edges = [float(edge) for edge in re.findall(r'xMax="([\d.]+)" yMax', boxes)]
        assert edges and max(edges) <= 595.3 - 60  # margins of 22 mm
        heading = AGAIN.get(one.data["document"], ("Manquent", "Missing"))[LANGUAGES.index(one.language)]
        assert letter or sum(heading in page for page in pages) >= 2


def test_a_heading_does_not_stand_alone_at_the_foot_of_a_page(tmp_path: Path) -> None:
    for name in CASES:
        for one in printed(name):
            for page in shown(one, tmp_path)[:-1]:
                lines = [line.strip() for line in page.splitlines() if line.strip()]
                assert not HEADING.fullmatch(lines[-2]), (one.name, lines[-2])


HEADING = re.compile(
    r"Ce qu.*|Vo[st].*|En obtenir.*|Le choix.*|Your .*|How to.*|The choice.*|Annoncé.*|Announced.*|Dossier .*|"
    r"Le paquet|Remise|Signature|The package|What .*|Handing over|Sommes.*|Sums.*"
)
TYPEWRITTEN = {
    "an ordinary space before ; : ! ? or »": re.compile(r" [;:!?»]"),
    "a wrong space before ; ! ?": re.compile(rf"{WIDE}[;!?]"),
    "a wrong space before : or »": re.compile(rf"{THIN}[:»]"),
    "a « without its space": re.compile(rf"«(?!{WIDE})"),
    "a ; ! or ? without its space": re.compile(rf"(?<=\w|\)|\])(?<!{THIN})[;!?](?=\s|$)"),
    "a : without its space": re.compile(r"(?<=\w|\)):(?=\s|$)"),
    "a straight apostrophe": re.compile(r"(?<=\w)'(?=\w)"),
}
"""Faults of French typography, as ``tests/unit/words`` looks for in sentences."""


@pytest.mark.parametrize("name", ["usual", "empty"])
def test_french_is_set_as_french_is(name: str) -> None:
    for one in printed(name):
        if one.language == "fr":
            text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(one.pdf)).pages)
            wrong = {
                fault: re.findall(rf".{{20}}{pattern.pattern}", text)
                for fault, pattern in TYPEWRITTEN.items()
                if pattern.search(text)
            }
            assert wrong == {}
