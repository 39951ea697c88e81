import pytest

from archiver.package.errors import ListInvalid
from archiver.package.lists.asic_manifest import (
    TOGETHER,
    Reference,
    asic_manifest_pieces,
    write_asic_manifest,
)
from archiver.package.lists.asic_reading import read_asic_manifest
from archiver.package.lists.sha256sums import read_sha256sums, write_sha256sums
from formats.digests import Digest

NAMES = ("README.TXT", "units/a.zip", "manifest.json")
DIGESTS = {name: Digest.of(name.encode()) for name in NAMES}


def asic():
    return write_asic_manifest(
        Reference(name=name, media_type="text/plain", digest=digest) for name, digest in DIGESTS.items()
    )


@pytest.mark.parametrize("count", [0, 1, TOGETHER, 3 * TOGETHER + 1])
def test_a_long_list_is_written_piece_by_piece(count):
    def references():
        for number in range(count):
            digest = Digest.of(b"%d" % number)
            yield Reference(name=f"units/{number}.zip", media_type="application/zip", digest=digest)

    pieces = list(asic_manifest_pieces(references()))
    whole = write_asic_manifest(references())
    assert b"".join(pieces) == whole and whole.count(b"<DataObjectReference") == count
    assert len(pieces) == count // TOGETHER + 1
    if count:
        assert len(read_asic_manifest(whole)) == count


def test_sums_are_read_as_written():
    assert dict(read_sha256sums(b"".join(write_sha256sums(DIGESTS.items())))) == DIGESTS


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"\n",
        b"0" * 64 + b" *a\n",
        b"0" * 64 + b"  a",
        b"A" * 64 + b"  a\n",
        b"0" * 64 + b"  ../a\n",
        (b"0" * 64 + b"  a\n") * 2,
        b"0" * 64 + b"  a\r\n",
        b"0" * 64 + "  é\n".encode(),
    ],
)
def test_sums_out_of_form_are_refused(data):
    with pytest.raises(ListInvalid):
        list(read_sha256sums(data))


def test_the_asic_manifest_is_read_as_written():
    assert read_asic_manifest(asic()) == DIGESTS


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<ASiCManifest", b"<XManifest"),
        (b"v1.2.1#", b"v1.2.2#"),
        (b"signature001", b"signature002"),
        (b"2001/04/xmlenc#sha256", b"2000/09/xmldsig#sha1"),
        (b'URI="manifest.json"', b'URI="README.TXT"'),
        (b'URI="manifest.json"', b'URI="../x"'),
        (b'URI="manifest.json"', b""),
        (b"</ds:DigestValue>", b"AAAA</ds:DigestValue>"),
        (b"</ds:DigestValue>", b"*</ds:DigestValue>"),
        (b"<ds:DigestMethod", b"<ds:Other"),
        (b"<SigReference", b"<Other"),
        (b"<ASiCManifest ", b"<!DOCTYPE a><ASiCManifest "),
        (
            b"</ASiCManifest>",
            b'<ASiCManifestExtensions><Extension Critical="true"/></ASiCManifestExtensions></ASiCManifest>',
        ),
        (b"</ASiCManifest>", b"<Other/></ASiCManifest>"),
    ],
)
def test_asic_manifests_out_of_form_are_refused(old, new):
    assert old in asic()
    with pytest.raises(ListInvalid):
        read_asic_manifest(asic().replace(old, new))


def test_an_extension_that_is_not_critical_is_no_obstacle():
    inside = b'<Extension Critical="false"/>'
    extension = b"<ASiCManifestExtensions>" + inside + b"</ASiCManifestExtensions></ASiCManifest>"
    assert read_asic_manifest(asic().replace(b"</ASiCManifest>", extension)) == DIGESTS


def test_an_empty_list_signs_nothing():
    with pytest.raises(ListInvalid):
        read_asic_manifest(write_asic_manifest([]))


@pytest.mark.parametrize(
    "inside", ["", "<a><b>text</b></a>", "text"], ids=["empty", "elements of others", "text"]
)
def test_what_an_extension_holds_is_nobodys_business(inside):
    extension = f'<Extension Critical="0">{inside}</Extension>'
    more = f"<DataObjectReferenceExtensions>{extension}</DataObjectReferenceExtensions></DataObjectReference>"
    assert read_asic_manifest(asic().replace(b"</DataObjectReference>", more.encode(), 1)) == DIGESTS


@pytest.mark.parametrize("piece", range(1, 40))
def test_a_list_reads_the_same_however_it_comes(piece, monkeypatch):
    monkeypatch.setattr("formats.xml.MAX_TOKEN", 1 << 10)
    padded = asic().replace(b"<SigReference", b" " * (1024 * 2 - 150 - piece) + b"<SigReference")
    assert read_asic_manifest(padded) == DIGESTS
