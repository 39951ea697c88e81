"""Every flaw a reader must refuse, with the cases that have it and the codes it is refused with.

    python -m tests.vectors.table

writes ``README.md`` beside this module from the corpus itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.vectors.generator.case import Case
from tests.vectors.generator.corpus import FAMILIES
from tests.vectors.pdlgc_table import PDLGC_PAGE, page as pdlgc_page

PAGE = Path(__file__).with_name("README.md")


@dataclass(frozen=True, kw_only=True)
class Cases:
    """The cases of ``families`` whose name holds one of ``names``; of all names where there is none."""

    families: tuple[str, ...]
    names: tuple[str, ...] = ()

    def has(self, one: Case) -> bool:
        """Say whether ``one`` is among them."""
        named = not self.names or any(name in one.name for name in self.names)
        return one.family in self.families and named


def of(*families: str, names: tuple[str, ...] = ()) -> Cases:
    return Cases(families=families, names=names)


FLAWS: Mapping[str, Cases] = {
    "path traversal in every spelling, absolute and drive names": of("traversal"),
    "case clashes": of("clash"),
    "NTFS and reserved names": of("reserved"),
    "symlinks": of("symlink"),
    "duplicate members": of("clash", names=("twice", "duplicate", "same")),
    "central directory ≠ local header": of("header"),
    "overlapping members": of("overlap"),
    "zip bombs": of("bomb"),
    "wrong sizes": of("size"),
    "trailing data": of("trailing"),
    "prepended data": of("prepended"),
    "data descriptor lies": of("descriptor"),
    "end records that lie": of("end-record", "not-a-package", "not-an-archive"),
    "truncated at every structure": of("truncated"),
    "encrypted flag lies": of("encrypted-flag"),
    "XXE and entity bombs": of("xxe", "xml"),
    "lists that two readers of XML could take in two ways": of("two-readings"),
    "manifest listing too much": of("too-much"),
    "manifest listing too little": of("too-little"),
    "lists that are none": of("asic", "sums"),
    "manifests that are none": of("manifest", "json"),
    "digest algorithm downgrade": of("downgrade"),
    "signature by another key": of("another-key"),
    "signature by somebody whom the root certified and nobody expects": of("unexpected"),
    "signature by an expired certificate": of("expired"),
    "signature by a revoked certificate, lists and responses that lie": of("revoked"),
    "signature over another manifest": of("other-manifest"),
    "signature of another shape": of("signature"),
    "algorithms and forms that no reader knows: unknown, never refuted": of("unknown"),
    "second signature over another list, by the same certificate, not named, missing": of("co-signature"),
    "token for another digest": of("token", names=("digest", "imprint", "of another package")),
    "wrong nonce": of("token", names=("nonce",)),
    "tokens that are false, foreign or worthless": of("token"),
    "evidence for another package": of("evidence", names=("another package",)),
    "evidence that is false or not whole": of("evidence"),
    "evidence beside a set that is another's, false, too late or not whole": of("set-evidence"),
    "signature whose algorithm ended, and what does not prove that it is older": of("ended"),
    "units that are said to be lawfully destroyed: nothing says so, nobody accepted, something false": of(
        "destruction"
    ),
    "swapped units": of("swapped"),
    "re-used unit id": of("re-used-unit"),
    "changed afterwards": of("changed"),
    "replayed older keyring revision, or older set": of("replayed"),
    "revisions that lie about what came before": of("revision"),
    "what a part says of its source, missing, foreign, changed or none": of("source"),
    "signed anew, terms changed, things stripped from a signature, a list of other patients than the dossiers": of(
        "terms"
    ),
    "volumes of a set that are missing, foreign, swapped, twice, changed or none": of("set-volume"),
    "counts of a set that are not those of its volumes": of("set-counts"),
    "keyrings of a set's volumes that are others": of("set-keyring"),
    "recipient stanza noise": of("stanza-noise"),
    "10,000 recipients": of("stanza-noise", names=("10,000",)),
    "age files and keys that are none": of("age-header", "age-payload", "armor", "key-file"),
    "keyrings that are none": of("keyring"),
    "units that are none": of("unit"),
    "dossiers that are none, or not what was promised": of("archive", "bundle"),
    "pages that do more than show": of("page"),
    "pages of the reader's own version that are not what it makes of the data": of("page-mismatch"),
    "practice-level archives that are none, or not what was promised": of("practice"),
    "lists and pictures of other programs": of("table", "dicom"),
    "tables of other programs": of(
        "json table", "XML table", "dBase table", "calendar", "fixed width", "workbook"
    ),
    "portability archives of other programs": of("portability archive"),
    "FHIR exports of other programs": of("FHIR export"),
}
"""The flaws the format names, and others that hide behind the same words."""


@cache
def every_case() -> tuple[Case, ...]:
    """Return the whole corpus."""
    return tuple(one for family in FAMILIES for one in family.cases())


def page() -> str:
    """Return the page."""
    lines = [_row(flaw, [one for one in every_case() if cases.has(one)]) for flaw, cases in FLAWS.items()]
    return "\n".join([HEAD.format(count=len(every_case())), *lines, ""])


HEAD = """\
# Hostile inputs

{count} inputs, made by `tests/vectors/generator`, which imports neither package. Each has one flaw; `test_hostile.py`
reads every one with the right keys in hand and expects its code. Nothing may be written: files, the rows and the
attachments of the practice stay as they were. Nothing may be decrypted, but where the last column says so: a flaw
inside a keyring or a unit shows only when it is open. No keyring and no unit of a package is opened as long as
anything else is wrong with it. A set has a folder of its own, where `input` ties the volumes beside it and
`input.001.ers` is evidence for it. The index says for which moment a package or a set is judged (`at`). This page is
written by `python -m tests.vectors.table`.

| flaw | cases | refused with | decrypted before |
|---|---|---|---|"""


def _row(flaw: str, cases: Iterable[Case]) -> str:
    group = list(cases)
    codes = ", ".join(f"`{code}`" for code in sorted({one.code for one in group}))
    opened = sum(one.opened for one in group)
    units = sum(one.unsealed for one in group)
    count = f"{opened}, {units} of them a unit" if units else str(opened or "nothing")
    return f"| {flaw} | {len(group)} | {codes} | {count} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    PDLGC_PAGE.write_text(pdlgc_page(), encoding="utf-8")
