"""Lines of archives, packed: what is appended is what comes out, as often as it is asked for."""

from __future__ import annotations

from hypothesis import given, strategies as st

from formats.digests import Digest
from formats.portability.writer.archive_lines import ArchiveLines
from formats.portability.writer.export import patient_id
from formats.portability.writer.manifest import ArchiveLine

LINES = st.lists(
    st.builds(
        ArchiveLine,
        id=st.integers(1, 99_999).map(patient_id),
        size=st.integers(0, 2**63),
        digest=st.binary(max_size=4).map(Digest.of),
        patient=st.text(st.characters(exclude_categories=("Cs", "Cc"))),
    ),
    max_size=20,
)


@given(LINES)
def test_every_line_comes_out_as_it_went_in(lines: list[ArchiveLine]) -> None:
    packed = ArchiveLines()
    for one in lines:
        packed.append(one)
    assert len(packed) == len(lines)
    assert [*packed] == lines == [*packed]
