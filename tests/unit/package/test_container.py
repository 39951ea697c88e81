"""The ZIP writer and the strict reader, up to the sizes where ZIP64 begins."""

import os
import zipfile
import zlib
from io import BytesIO

import pytest

from archiver.package import layout
from archiver.package.archive import read_package_members
from archiver.package.container import Container, WrittenMember
from archiver.package.errors import ContainerIrregular, NotAPackage, PackageTruncated
from formats.digests import Digest
from formats.errors import LimitExceeded, UnsafeName
from formats.zip import records


def zipped(*members, large=False):
    target = BytesIO()
    container = Container(target)
    for name, data in members:
        container.add(name, [data], large=large and name != "mimetype")
    container.close()
    return target.getvalue()


PLAIN = (("mimetype", layout.MEDIA_TYPE), ("a.txt", b"hello"), ("b/c.bin", b"\x00" * 3000), ("empty", b""))


@pytest.mark.parametrize("large", [False, True])
def test_what_is_written_is_read_by_us_and_by_the_standard_library(large):
    data = zipped(*PLAIN, large=large)
    members = list(read_package_members(BytesIO(data)))
    assert [(one.name, data[one.offset : one.offset + one.size]) for one in members] == list(PLAIN)
    assert [one.crc32 for one in members] == [zlib.crc32(content) for _, content in PLAIN]
    with zipfile.ZipFile(BytesIO(data)) as other:
        assert other.testzip() is None
        assert [(one.filename, other.read(one)) for one in other.infolist()] == list(PLAIN)
        assert {one.date_time for one in other.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_member_is_hashed_as_it_passes():
    container = Container(BytesIO())
    written = container.add("a", [b"one", b"two"])
    assert (written.size, written.digest) == (6, Digest.of(b"onetwo"))


def test_members_are_remembered_as_they_were_written():
    container = Container(BytesIO())
    added = [container.add(name, [data], large=len(data) == 5) for name, data in PLAIN]
    behind = WrittenMember(name="B", offset=1 << 40, size=0, crc32=7, large=True, digest=added[0].digest)
    assert list(container.members) == added
    assert (container.members[1], container.members[-2:]) == (added[1], tuple(added[-2:]))
    container.members.append(behind)
    assert container.members[len(added)] == behind and len(container.members) == len(added) + 1


@pytest.mark.parametrize("name", ["a.txt", "A.TXT", "../a", "é", "Big.txt", "big.TXT"])
def test_a_name_that_is_taken_or_unsafe_is_refused(name):
    container = Container(BytesIO())
    container.add("a.txt", [b""])
    container.add("BIG.txt", [b""])
    with pytest.raises(UnsafeName):
        container.add(name, [b""])


def test_every_flipped_byte_outside_the_members_is_refused():
    data = zipped(*PLAIN, large=True)
    inside = {
        position
        for one in read_package_members(BytesIO(data))
        for position in range(one.offset, one.offset + one.size)
    }
    outside = [position for position in range(len(data)) if position not in inside]
    assert len(outside) > 300
    for position in outside:
        broken = bytearray(data)
        broken[position] ^= 1 << position % 8
        with pytest.raises((NotAPackage, PackageTruncated, ContainerIrregular, UnsafeName, LimitExceeded)):
            list(read_package_members(BytesIO(bytes(broken))))


def test_every_truncation_is_refused():
    data = zipped(*PLAIN)
    for length in range(len(data)):
        with pytest.raises((NotAPackage, PackageTruncated, ContainerIrregular)):
            list(read_package_members(BytesIO(data[:length])))


def test_a_file_cut_short_says_so():
    with pytest.raises(PackageTruncated):
        list(read_package_members(BytesIO(zipped(*PLAIN)[:-30])))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda data: b"MZ" + data, "before its first"),
        (lambda data: data + b"\x00", "follows its end"),
        (lambda data: data[:-2] + b"\x05\x00hello", "follows its end"),
    ],
)
def test_prepended_trailing_and_commented_files_are_refused(change, reason):
    with pytest.raises(ContainerIrregular, match=reason):
        list(read_package_members(BytesIO(change(zipped(*PLAIN)))))


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"compression": zipfile.ZIP_DEFLATED}, "compressed"),
        ({"compression": zipfile.ZIP_STORED}, "not the plain one"),
    ],
)
def test_what_stock_tools_write_is_not_a_package(settings, reason):
    target = BytesIO()
    with zipfile.ZipFile(target, "w", **settings) as other:
        other.writestr("a.txt", b"hello" * 100)
    with pytest.raises(ContainerIrregular, match=reason):
        list(read_package_members(BytesIO(target.getvalue())))


def patched(data, signature, position, value):
    """Return ``data`` with ``value`` at ``position`` of the last record that begins with ``signature``."""
    start = data.rindex(signature) + position
    return data[:start] + value + data[start + len(value) :]


@pytest.mark.parametrize(
    ("position", "value", "reason"),
    [(8, b"\x01\x00", "encrypted"), (8, b"\x08\x00", "behind its data"), (10, b"\x08\x00", "compressed")],
)
def test_encryption_descriptors_and_compression_are_named(position, value, reason):
    data = patched(zipped(*PLAIN), records.CENTRAL_SIGNATURE, position, value)
    with pytest.raises(ContainerIrregular, match=reason):
        list(read_package_members(BytesIO(data)))


def test_a_member_that_overlaps_another_is_refused():
    data = zipped(("a", b"x" * 50), ("b", b"x" * 50))
    data = patched(data, records.CENTRAL_SIGNATURE, 42, (0).to_bytes(4, "little"))
    with pytest.raises(ContainerIrregular, match="does not end"):
        list(read_package_members(BytesIO(data)))


@pytest.mark.parametrize("second", ["a", "A"])
def test_a_name_twice_or_in_another_case_is_refused(second):
    data = zipped(("a", b""), ("b", b"")).replace(b"b", second.encode())
    with pytest.raises(ContainerIrregular, match="twice"):
        list(read_package_members(BytesIO(data)))


def test_an_unsafe_name_is_refused():
    data = zipped(("a.b", b"")).replace(b"a.b", b"../")
    with pytest.raises(UnsafeName):
        list(read_package_members(BytesIO(data)))


@pytest.mark.slow
def test_more_members_than_sixteen_bits_count():
    target = BytesIO()
    container = Container(target)
    for number in range(70_000):
        container.add(f"{number}", [])
    container.close()
    assert sum(1 for _ in read_package_members(target)) == 70_000
    with zipfile.ZipFile(target) as other:
        assert len(other.infolist()) == 70_000
    broken = bytearray(target.getvalue())
    broken[-records.END.size - records.LOCATOR_64.size - 20] ^= 1
    with pytest.raises(ContainerIrregular):
        list(read_package_members(BytesIO(bytes(broken))))


class Sparse(BytesIO):
    """A file whose long runs of zeros take no room: only where they lie is remembered."""

    def __init__(self, path):
        self.file = path.open("w+b")

    def write(self, data):
        if len(data) == len(ZEROS):
            return self.file.seek(len(data), os.SEEK_CUR) and len(data)
        return self.file.write(data)

    def seek(self, offset, whence=os.SEEK_SET):
        return self.file.seek(offset, whence)

    def flush(self):
        self.file.flush()


ZEROS = bytes(16 << 20)


@pytest.mark.slow
def test_members_and_offsets_past_four_gibibytes(tmp_path):
    path = tmp_path / "large.zip"
    target = Sparse(path)
    container = Container(target)
    container.add("mimetype", [layout.MEDIA_TYPE])
    container.add("large", (ZEROS for _ in range(257)), large=True)
    container.add("behind", [b"the end"])
    container.close()
    target.file.close()
    with path.open("rb") as stream:
        members = list(read_package_members(stream))
        assert [one.size for one in members] == [len(layout.MEDIA_TYPE), 257 << 24, 7]
        stream.seek(members[2].offset)
        assert stream.read(7) == b"the end"
    with zipfile.ZipFile(path) as other:
        assert other.getinfo("large").file_size == 257 << 24
        assert other.read("behind") == b"the end"


@pytest.mark.slow
def test_a_member_past_four_gibibytes_needs_room_for_its_size(tmp_path):
    target = Sparse(tmp_path / "large.zip")
    with pytest.raises(LimitExceeded):
        Container(target).add("large", (ZEROS for _ in range(257)))
    target.file.close()
