"""Other people's programs read a package: nothing of ours is needed to check it."""

from io import BytesIO

import pytest
from lxml import etree

from archiver.package import layout
from archiver.signing.keys.key_file import ROOTS, write_signer
from formats.digests import SHA256, SHA384, SHA512
from tests.evidence import add_evidence
from tests.material import material
from tests.packages import package, signer, units, unpacked
from tests.tools import need, run


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("tools") / "package.asice"
    path.write_bytes(package())
    return path


@pytest.fixture(scope="module")
def tree(path):
    return unpacked(path.read_bytes(), path.parent / "tree")


def test_unzip_lists_and_tests_it(path):
    listing = run(need("unzip"), "-l", path)
    for name in (*layout.REQUIRED, *(layout.unit_member(unit_id) for unit_id, _ in units())):
        assert name in listing
    assert "1980" in listing
    assert "No errors detected" in run(need("unzip"), "-t", path)


def test_seven_zip_tests_it(path):
    assert "Everything is Ok" in run(need("7z", "7za", "7zz"), "t", "-tzip", path)


def test_file_recognises_the_kind_from_its_first_bytes(path):
    assert path.read_bytes()[38:69] == layout.MEDIA_TYPE


def test_unzip_unpacks_the_same_tree(path, tree, tmp_path):
    run(need("unzip"), "-q", path, "-d", tmp_path)
    for one in tree.rglob("*"):
        if one.is_file():
            assert (tmp_path / one.relative_to(tree)).read_bytes() == one.read_bytes()


def test_sha256sum_checks_the_unpacked_tree(tree):
    output = run(need("sha256sum"), "--strict", "-c", "SHA256SUMS", cwd=tree)
    assert output.count(": OK") == len(units()) + 5
    assert "mimetype: OK" in output


def test_openssl_verifies_the_signature(tree, tmp_path):
    write_signer(tmp_path, signer(), None)
    output = run(
        *(need("openssl"), "cms", "-verify", "-binary", "-cades", "-inform", "DER"),
        *("-in", layout.SIGNATURE, "-content", layout.ASIC_MANIFEST, "-CAfile", tmp_path / ROOTS),
        *("-purpose", "any", "-attime", "1790000000", "-out", tmp_path / "out"),
        cwd=tree,
    )
    assert "CAdES Verification successful" in output
    assert (tmp_path / "out").read_bytes() == (tree / layout.ASIC_MANIFEST).read_bytes()


def test_openssl_refuses_another_content(tree, tmp_path):
    write_signer(tmp_path, signer(), None)
    with pytest.raises(AssertionError, match=r"digest failure|verify error"):
        run(
            *(need("openssl"), "cms", "-verify", "-binary", "-cades", "-inform", "DER"),
            *("-in", layout.SIGNATURE, "-content", "README.TXT", "-CAfile", tmp_path / ROOTS),
            *("-purpose", "any", "-attime", "1790000000", "-out", tmp_path / "out"),
            cwd=tree,
        )


def test_openssl_reads_the_key_file(tmp_path):
    write_signer(tmp_path, signer(), "phrase")
    secret = ("-passin", "pass:phrase")
    output = run(need("openssl"), "pkcs12", "-in", tmp_path / "signer.p12", *secret, "-info", "-nokeys")
    assert "AES-256-CBC" in output and "Iteration 600000" in output
    assert "Dr Anne Exemple" in output


DSIG = b"""<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/2000/09/xmldsig#">
<element name="DigestMethod"><complexType>
<attribute name="Algorithm" type="anyURI" use="required"/></complexType></element>
<element name="DigestValue" type="base64Binary"/><element name="Signature"/></schema>"""


class Local(etree.Resolver):
    """The two elements of XML Signature that an ASiC manifest uses, so that no network is needed."""

    def resolve(self, url, _identifier, context):
        return self.resolve_string(DSIG, context) if "xmldsig" in url else None


@pytest.fixture(scope="module")
def schema():
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Local())
    path = material("asic", "en_31916201v010101.xsd")
    return etree.XMLSchema(etree.parse(BytesIO(path.read_bytes()), parser))


def test_the_asic_manifest_is_valid_against_the_schema_of_etsi(schema, tree):
    document = etree.parse(BytesIO((tree / layout.ASIC_MANIFEST).read_bytes()))
    schema.assertValid(document)
    references = document.findall(f"{{{document.getroot().nsmap[None]}}}DataObjectReference")
    listed = {one.get("URI") for one in references}
    assert "SHA256SUMS" in listed and len(listed) == len(units()) + 5
    assert all(one.get("MimeType") for one in references)


@pytest.mark.parametrize("algorithm", [SHA256, SHA384, SHA512])
def test_the_evidence_manifest_is_valid_too(schema, path, tmp_path, algorithm):
    copy = tmp_path / "package.asice"
    copy.write_bytes(path.read_bytes())
    add_evidence(copy, algorithm=algorithm)
    tree = unpacked(copy.read_bytes(), tmp_path / "tree")
    manifest, member = layout.evidence_members(1)
    document = etree.parse(BytesIO((tree / manifest).read_bytes()))
    schema.assertValid(document)
    asic = document.getroot().nsmap[None]
    assert document.find(f"{{{asic}}}SigReference").get("URI") == member
    references = document.findall(f"{{{asic}}}DataObjectReference")
    files = {one.relative_to(tree).as_posix() for one in tree.rglob("*") if one.is_file()}
    assert {one.get("URI") for one in references} == files - {manifest, member}
    assert "No errors detected" in run(need("unzip"), "-t", copy)
    assert "Everything is Ok" in run(need("7z", "7za", "7zz"), "t", "-tzip", copy)


def test_the_schema_does_refuse_something(schema, tree):
    text = (tree / layout.ASIC_MANIFEST).read_bytes().replace(b"DigestValue", b"DigestWorth")
    assert not schema.validate(etree.parse(BytesIO(text)))
