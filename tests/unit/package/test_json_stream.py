"""JSON read element by element says what the standard library says of the whole."""

import json
from io import BytesIO

import pytest
from hypothesis import given, settings, strategies as st

from archiver.package.errors import ManifestInvalid
from archiver.package.manifests.json_stream import MAX_ELEMENT, MAX_HEAD, JsonStream, stream_of

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


class Dripping(BytesIO):
    """A stream that gives a few bytes at a time."""

    step = 1

    def read(self, size=-1):
        return super().read(min(size, self.step) if size >= 0 else size)


def read(data, step=1 << 18):
    """Return the object with its list, as it was told."""
    source = Dripping(data)
    source.step = step
    rows = []
    found = JsonStream(source, file="x", limit=1 << 30, rows="rows").read(
        lambda number, value: rows.append((number, value))
    )
    assert [number for number, _ in rows] == list(range(len(rows)))
    return found | ({"rows": [value for _, value in rows]} if "rows" in found else {})


@settings(max_examples=200)
@given(
    st.dictionaries(texts.filter(lambda key: key != "rows"), values, max_size=4),
    st.lists(values, max_size=5),
    st.sampled_from([None, 1, " \t"]),
    st.integers(1, 7),
)
def test_what_is_written_is_read(head, rows, indent, step):
    document = {**head, "rows": rows}
    assert read(json.dumps(document, ensure_ascii=False, indent=indent).encode(), step) == document


@settings(max_examples=300)
@given(
    st.binary(max_size=30)
    | st.text(st.sampled_from('{}[]:,"rows 019.eE-+\\tnul'), max_size=30).map(str.encode)
)
def test_what_is_none_is_refused_as_the_library_refuses_it(data):
    try:
        expected = json.loads(data.decode())
    except ValueError:
        expected = None
    if isinstance(expected, dict) and b"NaN" not in data and b"Infinity" not in data:
        try:
            assert read(data, 3) == expected
        except ManifestInvalid as refusal:
            assert "twice" in refusal.facts["reason"]  # noqa: PT017 - the library takes a key twice
    else:
        with pytest.raises(ManifestInvalid):
            read(data, 3)


@pytest.mark.parametrize("more", [0, 1])
def test_an_element_and_the_head_have_their_limits(more):
    element = '"' + "a" * (MAX_ELEMENT - 2 + more) + '"'
    head = '"' + "a" * (MAX_HEAD - 2 - len('"key""rows"') + more) + '"'
    for data in (f'{{"rows": [1, {element}, 2]}}', f'{{"key": {head}, "rows": []}}'):
        if more:
            with pytest.raises(ManifestInvalid, match="longer"):
                read(data.encode())
        else:
            assert read(data.encode()) == json.loads(data)


def test_the_document_has_a_limit():
    with pytest.raises(ManifestInvalid, match="longer"):
        JsonStream(BytesIO(b"{} " + b" " * 100), file="x", limit=100, rows="rows").read(print)


@settings(deadline=None)
@given(st.lists(st.binary(max_size=5)), st.integers(1, 7))
def test_pieces_are_read_as_the_stream_they_are(pieces, size):
    stream = stream_of(iter(pieces))
    assert b"".join(iter(lambda: stream.read(size), b"")) == b"".join(pieces)
    assert stream.read() == b""
