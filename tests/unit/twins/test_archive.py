"""A patient archive with its readable copies: one of each document, made by the program's own processes."""

from __future__ import annotations

import io
from dataclasses import replace

from archiver.twins.press import TwinPress
from formats.pdlgc.names import place_files
from formats.pdlgc.profile import METADATA, SUBSET, TWINS
from formats.pdlgc.subset.plan import subset_documents
from formats.pdlgc.write import Renderings, write_archive
from formats.zip.writer import ZipStream
from tests.copies import made_copies, original, pdf_text
from tests.full_dossier import full_dossier
from tests.unit.pdlgc.bodies import SENDER, WRITTEN_AT, make, opener, with_files
from tests.unit.pdlgc.test_archive import members, read


def test_every_document_of_an_archive_has_its_copy_and_the_dossier_comes_back() -> None:
    made = make(*with_files(full_dossier()))
    placement = place_files(made.dossier, opener(made.bodies))
    documents = subset_documents(made.dossier, placement.places, WRITTEN_AT)
    target = io.BytesIO()
    with TwinPress(processes=2) as press:
        write_archive(
            made.dossier,
            ZipStream(target, when=WRITTEN_AT),
            placement,
            open_attachment=opener(made.bodies),
            written_at=WRITTEN_AT,
            sender=SENDER,
            renderings=Renderings(twins=press.prepare(made.dossier, documents, opener(made.bodies))),
        )
        counts = press.counts
    parts = members(target.getvalue())
    copies = {name: data for name, data in parts.items() if name.startswith(f"{TWINS}/")}
    places = [name for name in parts if name.startswith(f"{SUBSET}/") and name != METADATA]
    assert len(copies) == len(places) == len(documents) == counts.copies > 8
    assert all("DURAND-EXEMPLE" in pdf_text(data) for name, data in copies.items() if "DOC0" not in name)
    assert read(target.getvalue()).dossier == made.dossier


def test_a_file_without_a_date_is_not_of_the_day_on_which_its_archive_was_written() -> None:
    content = b"Compte rendu"
    document = original(full_dossier(), "a.txt", content)
    record = document.record
    assert record is not None
    undated = [
        replace(document, record=replace(record, created_at=None), service_start=day)
        for day in ("20260101", "20260202")
    ]
    first, second = (made_copies(full_dossier(), [one], [content]) for one in undated)
    assert first.pdfs == second.pdfs and "établi" not in first.text(document.place)
    assert "établi en mars 2024" in made_copies(full_dossier(), [document], [content]).text(document.place)
