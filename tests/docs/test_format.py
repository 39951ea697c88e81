"""What the description of the format says is what the program does: steps, codes, limits, keys, figures."""

from __future__ import annotations

import inspect
import json
import re
import runpy
from pathlib import Path

import pytest

from archiver import verdict
from archiver.errors import PackageFailure
from archiver.evidence import records as evidence_records
from archiver.evidence.errors import EvidenceInvalid
from archiver.package import layout
from archiver.package.checks import (
    answers as checks_answers,
    check_package,
    check_set,
    destruction,
    evidence,
    evidence_beside,
)
from archiver.package.destruction import statement
from archiver.package.errors import ListAlgorithmUnknown
from archiver.package.lists import asic_reading, sha256sums
from archiver.package.manifests import json_reading, json_stream, manifest, manifest_reading, set_reading
from archiver.sealing import keyring, keyring_json, winzip_aes
from archiver.sealing.age import header, scrypt
from archiver.signing.errors import SignatureAlgorithmUnknown
from archiver.signing.revocation import sources
from archiver.signing.signatures import answers, co_signature, existence, signed_data
from formats import paths, xml
from formats.errors import Failure
from tests.docs.pages import DOCS, ROOT, language_of, twin
from tests.history.figures import figures

ENGLISH = DOCS / "en" / "format" / "archive-format-1.md"
FRENCH = twin(ENGLISH)
HISTORY = ROOT / "tests" / "history"
BOTH = pytest.mark.parametrize("page", [ENGLISH, FRENCH], ids=language_of)
FAILURES: list[type[Failure]] = runpy.run_path(str(ROOT / ".ci" / "errors_page.py"))["failures"]()
CODE = re.compile(r"`([a-z]+(?:-[a-z]+)+)`")
ROW = re.compile(r"^\| `([a-z-]+)` \|", re.MULTILINE)
STEP = re.compile(r"^(\d+)\. \*\*(.+?)\.\*\*", re.MULTILINE)
OTHERS = frozenset(
    {"wrong-key", "wrong-passphrase", "key-unreadable", "seal-broken", "recipients-refused"}
    | {"unsafe-name", "limit-exceeded", "counts-differ", "evidence-unreadable", "page-mismatch"}
)
"""Codes of the format that are no failure of a package or of evidence as such."""
OURS = frozenset({"package", "evidence-invalid"})
"""Codes of those families that are the program's: the heads of families."""
LIMITS = (
    layout.MAX_MEMBERS,
    paths.MAX_NAME_BYTES,
    paths.MAX_DEPTH,
    keyring.MAX_ENTRIES,
    layout.MAX_OPENER_BYTES,
    keyring_json.MAX_LINE,
    header.MAX_HEADER,
    header.MAX_STANZAS,
    scrypt.MAX_WORK_FACTOR,
    winzip_aes.MAX_PASSPHRASE,
    manifest_reading.MAX_MANIFEST_BYTES,
    manifest_reading.MAX_UNITS,
    json_stream.MAX_ELEMENT,
    json_stream.MAX_HEAD,
    json_reading.MAX_TEXT,
    manifest_reading.MAX_REVISION,
    manifest_reading.MAX_SOURCE_PACKAGES,
    manifest.MAX_VOLUMES,
    set_reading.MAX_SET_BYTES,
    check_set.MAX_SET_FILE,
    sha256sums.MAX_SUMS_BYTES,
    asic_reading.MAX_ASIC_MANIFEST_BYTES,
    xml.MAX_PREFIXES,
    asic_reading.MAX_EXTENSION_ELEMENTS,
    asic_reading.MAX_DEPTH,
    signed_data.MAX_SIGNATURE_BYTES,
    signed_data.MAX_CERTIFICATES,
    signed_data.MAX_TOKEN_CERTIFICATES,
    sources.MAX_SOURCES,
    layout.MAX_DESTRUCTIONS,
    statement.MAX_STATEMENT_BYTES,
    layout.MAX_RECORDS,
    evidence_records.MAX_RECORD_BYTES,
    evidence_records.MAX_CHAINS,
    evidence_records.MAX_STAMPS,
    evidence_records.MAX_LISTS,
    evidence_records.MAX_HASHES,
    evidence_records.MAX_TOKEN_BYTES,
)
"""In the order of section 18."""


def section(page: Path, number: int) -> str:
    """Return the section ``number`` of ``page``."""
    text = page.read_text(encoding="utf-8")
    found = re.search(rf"^## {number}\. .*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"{page.name} has no section {number}"
    return found[0]


# -- steps --------------------------------------------------------------------------------


def test_the_code_follows_the_numbered_steps() -> None:
    steps = STEP.findall(section(ENGLISH, 15))
    assert [int(number) for number, _ in steps] == list(range(1, 11))
    announced = re.findall(r"^(\d+)\. ", check_package.__doc__ or "", re.MULTILINE)
    followed = re.findall(r"^ +# (\d+)\. (.+)$", inspect.getsource(check_package.examine), re.MULTILINE)
    parts = re.findall(r"^# -- (\d+) -", inspect.getsource(check_package), re.MULTILINE)
    assert announced == [number for number, _ in steps] == [number for number, _ in followed]
    assert set(parts) <= set(announced)
    for (_, title), (_, comment) in zip(steps, followed, strict=True):
        assert title.lower() in comment


# -- codes --------------------------------------------------------------------------------


@BOTH
def test_the_registry_has_every_code_and_no_other(page: Path) -> None:
    refusals, proven, reasons = (ROW.findall(part) for part in section(page, 17).split("| code |")[1:])
    families = {kind.code for kind in FAILURES if issubclass(kind, PackageFailure | EvidenceInvalid)}
    assert sorted(refusals) == sorted((families - OURS) | OTHERS)
    assert {kind.code for kind in FAILURES} >= OTHERS
    assert proven == [destruction.LAWFULLY_DESTROYED]
    codes = {
        code
        for module in (
            checks_answers,
            check_package,
            evidence,
            evidence_beside,
            answers,
            existence,
            co_signature,
            verdict,
        )
        for code in unknowns(module)
    }
    codes |= {SignatureAlgorithmUnknown.code, ListAlgorithmUnknown.code}
    assert sorted(set(reasons)) == sorted(codes)


def unknowns(module: object) -> set[str]:
    """Return the codes with which ``module`` answers that it does not know."""
    text = inspect.getsource(module)
    codes = set(re.findall(r'unknown_answer\(\s*"([a-z-]+)"', text))
    codes |= set(re.findall(r'^ {12}"([a-z]+-[a-z-]+)",$', text, re.MULTILINE))
    return codes | {kind.code for kind in getattr(module, "UNDECIDED", ())}


@BOTH
def test_every_code_that_is_named_is_in_the_registry(page: Path) -> None:
    registered = set(ROW.findall(section(page, 17)))
    every = {kind.code for kind in FAILURES}
    named = set(CODE.findall(page.read_text(encoding="utf-8"))) & every
    assert len(named) > 30
    assert named <= registered


# -- limits and keys ----------------------------------------------------------------------


@BOTH
def test_the_limits_are_those_of_the_readers(page: Path) -> None:
    rows = re.findall(r"^\| .+ \| ([0-9][0-9 ,\u00a0\u202f]*) \|$", section(page, 18), re.MULTILINE)
    assert tuple(int(re.sub(r"\D", "", number)) for number in rows) == LIMITS


@BOTH
@pytest.mark.parametrize(("number", "schema"), [(6, "manifest.schema.json"), (12, "set.schema.json")])
def test_the_keys_are_those_of_the_schema(page: Path, number: int, schema: str) -> None:
    document = json.loads((ROOT / "archiver" / "package" / schema).read_text(encoding="utf-8"))
    keys = set(document["properties"])
    for name in ("unit", "volume", "listed", "signature"):
        keys |= set(document["$defs"].get(name, {}).get("properties", {}))
    rows = re.findall(r"^\| (`[^|]+`) \|", section(page, number), re.MULTILINE)
    written = {key for row in rows for key in re.findall(r"`([^`]+)`", row)}
    members = {name for name in written if re.search(r"[A-Z/.]", name) or name == "mimetype"}
    assert written - members == keys


# -- the worked example -------------------------------------------------------------------


@BOTH
def test_every_figure_of_the_example_is_right(page: Path) -> None:
    lines = (HISTORY / "example-1.identity").read_text(encoding="utf-8").splitlines()
    (identity,) = (line for line in lines if line.startswith("AGE-SECRET-KEY-PQ-1"))
    shown = re.findall(r"^```\n(.*?)\n```$", section(page, 19), re.MULTILINE | re.DOTALL)
    found = figures(HISTORY / "example-1.asice", identity)
    assert len(found) == 7
    assert sorted(shown) == sorted(found.values())


# -- plain text ---------------------------------------------------------------------------


@BOTH
def test_the_page_reads_as_plain_text(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    assert len(lines) > 500
    assert not [line for line in lines if len(line) > 100 and not line.startswith("|")]
