"""Other people's programs check what ties a set, and which package each volume is."""

import hashlib
import json
import zipfile
from io import BytesIO

import pytest
from lxml import etree

from archiver.package import layout
from archiver.signing.keys.key_file import ROOTS, write_signer
from tests.interop.test_package_tools import Local
from tests.material import material
from tests.packages import signer, unpacked, volume_set
from tests.tools import need, run


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return volume_set(tmp_path_factory.mktemp("tools"))


@pytest.fixture(scope="module")
def tree(path):
    return unpacked(path.read_bytes(), path.parent / "tree")


def test_unzip_and_seven_zip_test_it(path):
    listing = run(need("unzip"), "-l", path)
    assert all(name in listing for name in layout.SET_REQUIRED)
    assert "No errors detected" in run(need("unzip"), "-t", path)
    assert "Everything is Ok" in run(need("7z", "7za", "7zz"), "t", "-tzip", path)
    assert path.read_bytes()[38:69] == layout.MEDIA_TYPE


def test_openssl_verifies_the_signature(tree, tmp_path):
    write_signer(tmp_path, signer(), None)
    output = run(
        *(need("openssl"), "cms", "-verify", "-binary", "-cades", "-inform", "DER"),
        *("-in", layout.SIGNATURE, "-content", layout.ASIC_MANIFEST, "-CAfile", tmp_path / ROOTS),
        *("-purpose", "any", "-out", tmp_path / "signed.xml"),
        cwd=tree,
    )
    assert "CAdES Verification successful" in output
    listed = (tmp_path / "signed.xml").read_text(encoding="utf-8")
    assert 'URI="set.json"' in listed


def test_the_list_is_valid_against_the_schema_of_etsi(tree):
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Local())
    path = material("asic", "en_31916201v010101.xsd")
    schema = etree.XMLSchema(etree.parse(BytesIO(path.read_bytes()), parser))
    schema.assertValid(etree.parse(BytesIO((tree / layout.ASIC_MANIFEST).read_bytes())))


def test_unzip_and_sha256sum_find_each_volume_to_be_the_one_that_is_listed(path, tree):
    listed = json.loads((tree / "set.json").read_text(encoding="utf-8"))["volumes"]
    assert len(listed) == 3
    for one in listed:
        raw = run(need("unzip"), "-p", path.parent / one["file"], "manifest.json")
        assert run(need("sha256sum"), stdin=raw.encode()).split()[0] == one["manifest_sha256"]
        with zipfile.ZipFile(path.parent / one["file"]) as archive:
            assert hashlib.sha256(archive.read("manifest.json")).hexdigest() == one["manifest_sha256"]
            assert json.loads(raw)["package"] == one["package"]
