"""A practice that took dossiers over finds out who is who: compared, answered in a list, one answer taken back."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.line import IMPORT, Line, contents
from tests.journeys.program import Program
from tests.tools import need, run

MOTHERS_INS, PAULINE = "apdss-04pv1", "z93tp-wkgg1"
"""Two people with one INS; one person without an INS on one side."""
QUIET = ("--headless", "--no-sandbox", "--disable-gpu")


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    """Return the program where four dossiers came to ten patients, and two questions wait."""
    small_line.copy(tmp_path, "package.asice", "receiver.identity", "roots.pem", "successor.db")
    desk = Program(folder=tmp_path)
    desk.here(*IMPORT).ok()
    return desk


def listed(desk: Program) -> Any:
    return desk.here("people", "list", "successor.db", "--json").ok().document


def test_both_records_are_shown_before_anybody_decides(desk: Program) -> None:
    before = contents(desk.folder)
    output = desk.here("people", "show", "successor.db", MOTHERS_INS).ok().out
    assert "same INS, but the strict traits differ" in output and PAULINE not in output
    assert re.search(r"≠ Date of birth +1990-05-25 +1991-06-25\n", output)
    assert re.search(r"= INS +(\d+) +\1\n", output)
    assert re.search(r"  Acts done +2 +1\n", output)
    every = desk.here("people", "show", "successor.db").ok().out
    assert MOTHERS_INS in every and PAULINE in every and "2 questions wait." in every
    document = desk.here("people", "show", "successor.db", PAULINE, "--json").ok().document
    (question,) = document["questions"]
    facts = {one["label"]: one for one in question["rows"]}
    assert facts["Date of birth"]["agreement"] == "same" and facts["INS"]["agreement"] == "unknown"
    french = Program(folder=desk.folder, language="fr").here("people", "show", "successor.db").ok().out
    assert re.search(r"≠ Date de naissance +1990-05-25 +1991-06-25\n", french)
    assert "même INS, mais traits stricts différents" in french
    assert contents(desk.folder) == before


def test_a_list_is_filled_in_recorded_recorded_again_and_one_answer_taken_back(desk: Program) -> None:
    desk.here("people", "show", "successor.db", "--answers", "answers.csv").ok()
    text = (desk.folder / "answers.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["question"] for row in rows] == [MOTHERS_INS, PAULINE]
    assert {row["candidate"] for row in rows} == {
        "Shaughnessy Moira 1991-06-25",
        "Maillet Pauline 2004-02-29",
    }
    fill(desk, rows, {MOTHERS_INS: "different", PAULINE: "peut-être"})
    before = contents(desk.folder)
    record = ("people", "answer", "successor.db", "--file", "answers.csv")
    done = desk.here(*record, "--by", "Dr Belhadj")
    assert done.status == 39 and done.out == ""
    assert "answers.csv:3: Question z93tp-wkgg1: “peut-être” is no answer" in done.err
    assert done.err.splitlines()[-1].endswith("[answers-refused]")
    assert contents(desk.folder) == before
    fill(desk, rows, {MOTHERS_INS: "different", PAULINE: "même"})
    output = desk.here(*record, "--by", "Dr Belhadj").ok().out
    assert "2 answers recorded." in output and "0 questions wait." in output
    assert "Maeve 1990-05-25 and Shaughnessy Moira 1991-06-25 are two people." in output
    before = contents(desk.folder)
    document = desk.here(*record, "--by", "Dr Belhadj", "--json").ok().document
    assert (document["recorded"], document["already"]) == ([], 2)
    assert contents(desk.folder) == before
    output = desk.here("people", "undo", "successor.db", MOTHERS_INS, "--by", "Dr Belhadj").ok().out
    assert output.startswith(f"{MOTHERS_INS} is open again: ")
    assert [one["question"] for one in listed(desk)["questions"]] == [MOTHERS_INS]
    assert [one["question"] for one in listed(desk)["merged"]] == [PAULINE]


def fill(desk: Program, rows: list[dict[str, str]], answers: dict[str, str]) -> None:
    with (desk.folder / "answers.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows({**row, "answer": answers[row["question"]]} for row in rows)


def test_the_answers_of_one_store_are_those_of_another_made_from_the_same(
    desk: Program, small_line: Line, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for verb, question in (("different", MOTHERS_INS), ("same", PAULINE)):
        desk.here("people", verb, "successor.db", question, "--by", "Dr Belhadj", "--remark", "seen").ok()
    desk.here("people", "show", "successor.db", "--all", "--answers", "answers.csv").ok()
    anew = tmp_path_factory.mktemp("anew")
    small_line.copy(anew, "package.asice", "receiver.identity", "roots.pem", "successor.db")
    other = Program(folder=anew)
    other.here(*IMPORT).ok()
    (anew / "answers.csv").write_bytes((desk.folder / "answers.csv").read_bytes())
    other.here("people", "answer", "successor.db", "--file", "answers.csv").ok()
    assert listed(other) == listed(desk)


def test_a_merge_of_the_program_is_taken_back_too(desk: Program) -> None:
    desk.here("people", "same", "successor.db", PAULINE, "--by", "Dr Belhadj").ok()
    document = (
        desk.here("people", "undo", "successor.db", PAULINE.upper(), "--by", "Dr B", "--json").ok().document
    )
    assert document["decided"] == "undo" and document["still_one_person"] is False
    assert len(listed(desk)["questions"]) == 2


def test_an_answer_that_another_one_excludes_is_refused(desk: Program) -> None:
    desk.here("people", "same", "successor.db", PAULINE, "--by", "Dr Belhadj").ok()
    before = contents(desk.folder)
    sentence = desk.here("people", "different", "successor.db", PAULINE, "--by", "Dr Ozanne").refused(
        "answer-contradictory", 39
    )
    assert "Dr Belhadj" in sentence and contents(desk.folder) == before


def test_the_patients_are_persons_with_their_other_records_below(desk: Program) -> None:
    desk.here("people", "same", "successor.db", PAULINE, "--by", "Dr Belhadj").ok()
    output = desk.here("patients", "successor.db", "--roster", "roster.csv").ok().out
    assert re.search(r"\n  2 +Maillet +Pauline +2004-02-29.*\n  = 47 +Maillet +Pauline", output)
    assert "13 patients." in output and "1 more record of one of them, merged" in output
    assert len((desk.folder / "roster.csv").read_text(encoding="utf-8").splitlines()) == 14


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_browser_writes_the_list_that_the_program_records(desk: Program, language: str) -> None:
    reader = Program(folder=desk.folder, language=language)
    reader.here("people", "show", "successor.db", "--page", "questions.html").ok()
    page = desk.folder / "questions.html"
    text = page.read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in text and "http://" not in text and "https://" not in text
    shown = ("Qui est qui", "Date de naissance") if language == "fr" else ("Who is who", "Date of birth")
    assert all(one in text for one in shown)
    assert ("Who came" in text) is (language == "en")
    answers = filled_by_a_browser(page, {MOTHERS_INS: "different", PAULINE: "same"}, by='Dr "=Belhadj"')
    (desk.folder / "answers.csv").write_text(answers, encoding="utf-8")
    reader.here("people", "answer", "successor.db", "--file", "answers.csv").ok()
    assert listed(desk)["questions"] == []
    assert [one["by"] for one in listed(desk)["merged"]] == ['Dr "=Belhadj"']


def filled_by_a_browser(page: Path, answers: dict[str, str], *, by: str) -> str:
    """Return what the page saves where a person answers and names themselves; a test's script does the typing."""
    text = page.read_text(encoding="utf-8")
    clicks = "".join(
        f"document.getElementById('{question}').querySelector('[value={answer}]').checked = true;"
        for question, answer in answers.items()
    )
    typing = f"""
        const by = document.getElementById('by'); by.value = {by!r}; {clicks}
        by.dispatchEvent(new Event('input', {{bubbles: true}}));
        URL.createObjectURL = blob => {{ window.blob = blob; return '#'; }};
        document.getElementById('save').click();
        window.blob.text().then(list => {{
            const shown = document.createElement('pre'); shown.id = 'list'; shown.textContent = list;
            document.body.append(shown);
        }});
    """
    free, rules = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    assert rules == 1
    page.write_text(free.replace("</body>", f"<script>{typing}</script></body>"), encoding="utf-8")
    browser = need("chromium", "chromium-browser", "google-chrome")
    with tempfile.TemporaryDirectory() as profile:
        dom = run(browser, *QUIET, f"--user-data-dir={profile}", "--virtual-time-budget=2000", "--dump-dom",
                  page.as_uri())  # fmt: skip
    found = re.search(r'<pre id="list">\ufeff?(.*?)</pre>', dom, re.DOTALL)
    assert found, dom[-2000:]
    return found[1].replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")


def test_the_rules_of_the_page_let_its_own_script_run_and_nothing_else(desk: Program) -> None:
    desk.here("people", "show", "successor.db", "--page", "questions.html").ok()
    page = desk.folder / "questions.html"
    browser = need("chromium", "chromium-browser", "google-chrome")
    with tempfile.TemporaryDirectory() as profile:
        dom = run(browser, *QUIET, f"--user-data-dir={profile}", "--dump-dom", page.as_uri())
    assert "0 of 2 answered" in dom, "its script counted"
    page.write_text(
        page.read_text(encoding="utf-8").replace("</main>", "</main><script>document.title='run'</script>"),
        encoding="utf-8",
    )
    with tempfile.TemporaryDirectory() as profile:
        dom = run(browser, *QUIET, f"--user-data-dir={profile}", "--dump-dom", page.as_uri())
    assert "<title>run</title>" not in dom
