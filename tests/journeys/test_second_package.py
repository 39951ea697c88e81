"""Two packages from one sender, three months apart: the second brings the dossiers up to date and duplicates nobody.

In between a patient of the first package had another act done, one changed their telephone number, and a card was
filed. Taking the second package back leaves what the first one brought.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from tests.journeys.line import IMPORT, SAMPLES, Line, asked
from tests.journeys.opendental_source import OpenDentalSource, SqliteSource
from tests.journeys.program import Program
from tests.journeys.test_import_undone import BY, content

THREE_MONTHS_LATER = (
    "CREATE TEMPORARY TABLE later AS SELECT * FROM procedurelog WHERE PatNum = 45 ORDER BY ProcNum LIMIT 1",
    "UPDATE later SET ProcNum = 990001, ProcDate = '2026-10-05', DateTStamp = '2026-10-05 10:00:00'",
    "INSERT INTO procedurelog SELECT * FROM later",
    "UPDATE patient SET HmPhone = '02 61 91 99 99', DateTStamp = '2026-10-05 10:00:00' WHERE PatNum = 47",
)


def deliver_package(desk: Program, source: OpenDentalSource, name: str) -> Any:
    """Collect the sender's practice, export the four patients of the roster, and import them at the successor's."""
    images = ("--images", SAMPLES / "practice" / "images")
    desk("collect", "opendental", source.address, *images, "--into", "practice.db").incomplete()
    desk(
        *(
            "export",
            "practice.db",
            name,
            "--practitioner",
            "99900000029",
            "--roster",
            "roster.csv",
            "--unsigned",
            "essai",
        ),
        *(
            "--to",
            "pressoir/receiver.recipient",
            "--signer",
            "kerbrat/signer.p12",
            "--ground",
            "collaboration-exit",
        ),
    ).ok()
    return desk("import", name, *IMPORT[2:], "--json").ok().document


def counts(desk: Program) -> dict[str, int]:
    store = desk.folder / "successor.db"
    kinds = ("patients", "acts", "source_rows", "documents", "files", "practitioners", "identity_questions")
    return {kind: int(str(asked(store, f"SELECT count(*) FROM {kind}")[0][0])) for kind in kinds}


def test_the_second_package_brings_up_to_date(demo_line: Line, small_line: Line, tmp_path: Path) -> None:
    demo_line.copy(
        tmp_path, "practice.db", "kerbrat", "pressoir", "receiver.identity", "roots.pem", "tilleuls.sqlite"
    )
    small_line.copy(tmp_path, "successor.db")
    shutil.copy(small_line.folder / "roster.csv", tmp_path / "roster.csv")
    bring_up_to_date(Program(folder=tmp_path), SqliteSource(path=tmp_path / "tilleuls.sqlite"))


def bring_up_to_date(desk: Program, source: OpenDentalSource) -> None:
    """Play the journey with the sender's database ``source``."""
    first = deliver_package(desk, source, "first.asice")
    assert first["totals"]["came_in"] == 4
    before, rows = counts(desk), content(desk)

    source.run(*THREE_MONTHS_LATER)
    second = deliver_package(desk, source, "second.asice")
    outcomes = {one["patient"]["number"]: one["outcome"] for one in second["dossiers"] if one["patient"]}
    assert outcomes == {"1": "already-there", "16": "already-there", "45": "came-in", "47": "came-in"}
    after = counts(desk)
    assert {kind: after[kind] - before[kind] for kind in after if after[kind] != before[kind]} == {
        "acts": 1, "source_rows": 1
    }  # fmt: skip
    assert second["totals"]["questions"] == first["totals"]["questions"], "nobody is asked about twice"
    phones = asked(desk.folder / "successor.db", "SELECT value FROM patients_contacts")
    assert ("02 61 91 99 99",) in phones or ("0261919999",) in phones

    (undone,) = desk("import", "undo", "successor.db", *BY, "--json").ok().document["imports"]
    assert undone["id"] == 2 and undone["patients"] == [] and undone["removed"]["acts"] == 1
    assert content(desk) == rows
    desk("import", "second.asice", *IMPORT[2:]).ok()
    assert counts(desk) == after
