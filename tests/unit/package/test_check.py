"""Every kind of bad package, and the one answer each of them refutes."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest

from archiver.package import layout
from archiver.package.build import PackageBuilder
from archiver.package.checks.check_package import check
from archiver.package.checks.open import open_package
from archiver.package.container import Container
from archiver.package.contents import contents_of
from archiver.package.errors import DigestMismatch, MemberMissing, PackageTruncated
from archiver.package.lists.asic_manifest import Reference, write_asic_manifest
from archiver.package.lists.sha256sums import write_sha256sums
from archiver.signing.errors import CertificateEnded, SignatureInvalid, SignerUntrusted
from archiver.signing.signatures.cades import sign_manifest
from archiver.signing.trust.anchors import Trust
from archiver.verdict import State
from formats.digests import Digest
from formats.errors import FileNotFound, UnsafeName
from tests.packages import SIGNED, counted, handover, package, signer, trust, units, unpacked


@pytest.fixture(scope="module")
def whole():
    return package()


@pytest.fixture(params=["file", "folder"])
def place(request, whole, tmp_path):
    if request.param == "folder":
        return unpacked(whole, tmp_path / "tree")
    path = tmp_path / "package.asice"
    path.write_bytes(whole)
    return path


@pytest.fixture
def tree(whole, tmp_path):
    return unpacked(whole, tmp_path / "tree")


def codes(verdict):
    return {question: answer.code for question, answer in verdict.answers()}


def test_a_good_package_is_proven_but_for_its_age(place):
    verdict = check(place, trust(signer()))
    assert codes(verdict) == {
        "intact": "intact",
        "complete": "complete",
        "signed_by": "signed",
        "existed_at": "no-timestamp",
        "trusted": "accepted",
    }
    assert {answer.state for _, answer in verdict.answers()} == {State.PROVEN, State.UNKNOWN}
    assert verdict.existed_at.state is State.UNKNOWN
    assert verdict.findings == () and verdict.refusal is None and not verdict.proven
    assert verdict.signed_by.facts["fingerprint"] == signer().fingerprint
    assert "Dr Anne Exemple" in verdict.signed_by.text
    assert verdict.signed_by.facts["moment"] == SIGNED.isoformat()


def test_an_open_package_gives_every_part(place):
    opened = open_package(place, trust(signer()))
    assert [(unit.id, stream.read()) for unit, stream in opened.units()] == units()
    first, sealed = units()[0]
    with opened.unit(first) as stream:
        stream.seek(-5, 2)
        assert stream.read() == sealed[-5:]
    with opened.keyring() as stream:
        assert stream.read() == b"age-encryption.org/v1\n"
    assert opened.manifest.handover == handover()
    with pytest.raises(MemberMissing):
        opened.unit("a" * 26)


def test_progress_counts_every_byte(place):
    steps = []
    check(place, trust(signer()), progress=steps.append, threads=3)
    assert sum(steps) == sum(one.size for one in contents_of(place).values())


def test_whoever_watches_may_stop_it(place):
    def enough(_done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(place, trust(signer()), progress=enough, threads=2)


def test_the_same_facts_give_the_same_bytes(whole):
    assert package() == whole


def test_without_roots_trust_is_unknown(place):
    verdict = check(place, Trust(at=SIGNED))
    assert (verdict.trusted.state, verdict.trusted.code) == (State.UNKNOWN, "no-roots")
    assert open_package(place, Trust(at=SIGNED)).verdict == verdict


def test_a_stranger_is_signed_but_not_trusted(tmp_path):
    path = tmp_path / "p"
    path.write_bytes(package(by=signer("Dr Paul Inconnu")))
    verdict = check(path, trust(signer()))
    assert verdict.signed_by.state is State.PROVEN
    assert verdict.trusted.code == "signer-untrusted"
    with pytest.raises(SignerUntrusted, match="Dr Paul Inconnu"):
        open_package(path, trust(signer()))


def test_a_fingerprint_accepts_a_signer(place):
    accepted = Trust(at=SIGNED, fingerprints=frozenset({signer().fingerprint}))
    assert check(place, accepted).trusted.state is State.PROVEN
    other = Trust(at=SIGNED, fingerprints=frozenset({"0" * 64}))
    assert check(place, other).trusted.code == "signer-untrusted"


@pytest.mark.parametrize("year", [2025, 2046])
def test_a_certificate_that_is_not_valid_then(place, year):
    moment = datetime(year, 6, 1, tzinfo=UTC)
    verdict = check(place, trust(signer(), at=moment))
    assert verdict.signed_by.state is State.PROVEN and verdict.intact.state is State.PROVEN
    with pytest.raises(CertificateEnded):
        open_package(place, trust(signer(), at=moment))


def test_a_signature_dated_before_its_certificate(tmp_path):
    target = BytesIO()
    builder = PackageBuilder(target, package_id="p", readme=b"")
    builder.add_unit(layout.new_unit_id(counted()), BytesIO(b"u"))
    builder.add_keyring(BytesIO(b"k"))
    builder.finish(handover(patients=0), signer(), at=datetime(2020, 1, 1, tzinfo=UTC))
    path = tmp_path / "p"
    path.write_bytes(target.getvalue())
    assert check(path, trust(signer())).trusted.code == "certificate-ended"


@pytest.mark.parametrize(
    "name", ["README.TXT", "keyring.age", "manifest.json", "SHA256SUMS", "docs/format/package.md", "unit"]
)
def test_a_changed_part(tree, name):
    name = layout.unit_member(units()[1][0]) if name == "unit" else name
    changed = bytearray((tree / name).read_bytes())
    changed[len(changed) // 2] ^= 1
    (tree / name).write_bytes(changed)
    verdict = check(tree, trust(signer()))
    assert verdict.intact.state is State.REFUTED
    assert any((one.code, one.where) == ("digest-mismatch", name) for one in verdict.findings)


def test_one_changed_unit_is_the_only_finding(tree):
    name = layout.unit_member(units()[1][0])
    (tree / name).write_bytes(b"other")
    verdict = check(tree, trust(signer()))
    assert [(one.code, one.where) for one in verdict.findings] == [("digest-mismatch", name)]
    assert verdict.complete.state is State.PROVEN
    with pytest.raises(DigestMismatch):
        open_package(tree, trust(signer()))


def test_swapped_units(tree):
    first, second = (tree / layout.unit_member(unit_id) for unit_id, _ in units()[:2])
    one, other = first.read_bytes(), second.read_bytes()
    first.write_bytes(other)
    second.write_bytes(one)
    verdict = check(tree, trust(signer()))
    assert [one.code for one in verdict.findings] == ["digest-mismatch"] * 2


@pytest.mark.parametrize(
    "name", ["README.TXT", "keyring.age", "manifest.json", "SHA256SUMS", layout.SIGNATURE, "unit"]
)
def test_a_missing_part(tree, name):
    name = layout.unit_member(units()[1][0]) if name == "unit" else name
    (tree / name).unlink()
    verdict = check(tree, trust(signer()))
    assert verdict.complete.code == "member-missing"
    assert verdict.complete.facts["member"] == name
    with pytest.raises(MemberMissing):
        open_package(tree, trust(signer()))


def test_without_its_asic_manifest_nothing_is_signed(tree):
    (tree / layout.ASIC_MANIFEST).unlink()
    verdict = check(tree, trust(signer()))
    assert verdict.complete.code == "member-missing"
    assert (verdict.intact.state, verdict.signed_by.state) == (State.UNKNOWN, State.UNKNOWN)


@pytest.mark.parametrize(
    "name", ["extra.txt", "units/extra.zip", "META-INF/signature002.p7s", "keyring-b.age"]
)
def test_an_extra_part(tree, name):
    (tree / name).write_bytes(b"")
    verdict = check(tree, trust(signer()))
    assert (verdict.complete.code, verdict.complete.facts["member"]) == ("member-unlisted", name)
    assert verdict.intact.state is State.PROVEN


def test_a_broken_signature_leaves_nothing_proven(tree):
    path = tree / layout.SIGNATURE
    signature = bytearray(path.read_bytes())
    signature[-10] ^= 1
    path.write_bytes(signature)
    verdict = check(tree, trust(signer()))
    assert verdict.signed_by.code == "signature-invalid"
    assert verdict.intact.code == verdict.complete.code == "list-unsigned"
    with pytest.raises(SignatureInvalid):
        open_package(tree, trust(signer()))


def test_a_changed_signed_list_is_not_what_was_signed(tree):
    path = tree / layout.ASIC_MANIFEST
    path.write_bytes(path.read_bytes().replace(b"text/plain", b"text/PLAIN", 1))
    verdict = check(tree, trust(signer()))
    assert verdict.signed_by.code == "signature-invalid"
    assert verdict.intact.state is State.UNKNOWN


def test_a_signature_over_another_package(tree, tmp_path):
    other = unpacked(package(count=2), tmp_path / "other")
    shutil.copy(other / layout.SIGNATURE, tree / layout.SIGNATURE)
    assert check(tree, trust(signer())).signed_by.code == "signature-invalid"


@pytest.mark.parametrize("mimetype", [b"", b"application/zip", layout.MEDIA_TYPE + b"\n"])
def test_what_does_not_say_that_it_is_a_package(tree, mimetype):
    (tree / "mimetype").write_bytes(mimetype)
    verdict = check(tree, trust(signer()))
    assert verdict.intact.code == "not-a-package"
    assert verdict.complete.code == "not-examined"


def test_a_file_whose_mimetype_is_not_first(tmp_path):
    path = tmp_path / "p"
    with path.open("w+b") as target:
        container = Container(target)
        container.add("README.TXT", [b""])
        container.add("mimetype", [layout.MEDIA_TYPE])
        container.close()
    assert check(path, trust(signer())).intact.code == "not-a-package"


def test_a_truncated_file(whole, tmp_path):
    path = tmp_path / "p"
    path.write_bytes(whole[:-100])
    assert check(path, trust(signer())).intact.code == "package-truncated"
    with pytest.raises(PackageTruncated):
        open_package(path, trust(signer()))


def test_a_link_in_a_folder_is_refused(tree):
    (tree / "README.TXT").unlink()
    try:
        (tree / "README.TXT").symlink_to(tree / "mimetype")
    except OSError:
        pytest.skip("this system makes no links without a privilege")
    assert check(tree, trust(signer())).intact.code == "container-irregular"


def test_a_name_nobody_can_use_everywhere_is_refused(tree):
    (tree / "two words").write_bytes(b"")
    with pytest.raises(UnsafeName):
        open_package(tree, trust(signer()))


def test_nothing_there_is_not_found_and_no_verdict(tmp_path):
    with pytest.raises(FileNotFound):
        check(tmp_path / "nothing", trust(signer()))


def resigned(tree):
    """Sign the tree again as it lies, as a signer who lies in one of the lists would."""
    names = [one.relative_to(tree).as_posix() for one in sorted(tree.rglob("*")) if one.is_file()]
    listed = write_asic_manifest(
        Reference(name=name, media_type="x/y", digest=Digest.of((tree / name).read_bytes()))
        for name in names
        if name not in layout.NOT_DATA_OBJECTS
    )
    (tree / layout.ASIC_MANIFEST).write_bytes(listed)
    (tree / layout.SIGNATURE).write_bytes(sign_manifest(listed, signer(), at=SIGNED))
    return tree


def rewritten(tree, change):
    path = tree / "manifest.json"
    document = json.loads(path.read_bytes())
    change(document)
    path.write_bytes(json.dumps(document).encode())
    sums = {name: Digest.of((tree / name).read_bytes()) for name in _summed(tree)}
    (tree / "SHA256SUMS").write_bytes(b"".join(write_sha256sums(sums.items())))
    return resigned(tree)


def _summed(tree):
    names = [one.relative_to(tree).as_posix() for one in sorted(tree.rglob("*")) if one.is_file()]
    return [name for name in names if name not in layout.NOT_SUMMED]


def test_signing_a_tree_again_is_sound(tree):
    assert check(rewritten(tree, dict.copy), trust(signer())).findings == ()


def commits_to(count, change):
    """Return a change of a manifest that commits to so many more patients as well."""

    def changed(document):
        change(document)
        document["patients_commitment"]["size"] += count

    return changed


def test_a_manifest_that_lists_too_little(tree):
    verdict = check(
        rewritten(tree, commits_to(-1, lambda document: document["units"].pop())), trust(signer())
    )
    assert (verdict.complete.code, verdict.complete.where) == ("member-unlisted", "manifest.json")
    assert verdict.signed_by.state is State.PROVEN


def test_a_manifest_that_lists_too_much(tree):
    extra = {"id": "a" * 26, "member": layout.unit_member("a" * 26), "size": 1, "sha256": "0" * 64}
    extra |= {"destroy_from": None, "hold": False}
    verdict = check(
        rewritten(tree, commits_to(1, lambda document: document["units"].append(extra))), trust(signer())
    )
    assert (verdict.complete.code, verdict.complete.where) == ("member-missing", "manifest.json")


@pytest.mark.parametrize(("key", "value"), [("size", 5), ("sha256", "0" * 64)])
def test_a_manifest_that_contradicts_the_signed_list(tree, key, value):
    verdict = check(
        rewritten(tree, lambda document: document["units"][0].update({key: value})), trust(signer())
    )
    assert (verdict.intact.code, verdict.intact.where) == ("lists-disagree", "manifest.json")


def test_a_manifest_that_is_none(tree):
    verdict = check(rewritten(tree, lambda document: document.pop("counts")), trust(signer()))
    assert verdict.intact.code == "manifest-invalid"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text[: text.rindex(b"\n", 0, -1) + 1], "member-unlisted"),
        (lambda text: text + b"0" * 64 + b"  nothing\n", "member-missing"),
        (lambda text: b"0" * 64 + text[64:], "lists-disagree"),
        (lambda text: text[:-1], "list-invalid"),
    ],
)
def test_sums_that_contradict_the_signed_list(tree, change, code):
    path = tree / "SHA256SUMS"
    path.write_bytes(change(path.read_bytes()))
    assert [one.code for one in check(resigned(tree), trust(signer())).findings] == [code]


def test_a_second_keyring(tmp_path):
    target = BytesIO()
    builder = PackageBuilder(target, package_id="p", readme=b"")
    builder.add_unit(units()[0][0], BytesIO(b"u"))
    builder.add_keyring(BytesIO(b"k"))
    builder.add_keyring(BytesIO(b"s"), "keyring-passphrase.age")
    manifest = builder.finish(handover(patients=0), signer(), at=SIGNED)
    path = tmp_path / "p"
    path.write_bytes(target.getvalue())
    opened = open_package(path, trust(signer()))
    assert opened.manifest == manifest
    assert opened.keyring("keyring-passphrase.age").read() == b"s"


def test_a_builder_refuses_what_no_package_holds():
    with pytest.raises(UnsafeName):
        PackageBuilder(BytesIO(), package_id="a/b", readme=b"")
    builder = PackageBuilder(BytesIO(), package_id="p", readme=b"")
    with pytest.raises(UnsafeName):
        builder.add_unit("../x", BytesIO())
    with pytest.raises(UnsafeName):
        builder.add_keyring(BytesIO(), "elsewhere.age")
    with pytest.raises(UnsafeName):
        builder.finish(handover(), signer(), at=SIGNED)
    unit_id, sealed = units()[0]
    builder.add_unit(unit_id, BytesIO(sealed))
    with pytest.raises(UnsafeName):
        builder.add_unit(unit_id, BytesIO(sealed))


def test_a_unit_from_a_pipe_is_taken_too(tmp_path):
    class Pipe(BytesIO):
        def seekable(self):
            return False

    target = BytesIO()
    builder = PackageBuilder(target, package_id="p", readme=b"")
    unit_id, sealed = units()[0]
    builder.add_unit(unit_id, Pipe(sealed))
    builder.add_keyring(BytesIO(b"k"))
    builder.finish(replace(handover(patients=0), counts={}), signer(), at=SIGNED)
    path = tmp_path / "p"
    path.write_bytes(target.getvalue())
    assert open_package(path, trust(signer())).unit(unit_id).read() == sealed


@pytest.mark.parametrize(
    ("size", "refused"), [(layout.MAX_OPENER_BYTES, False), (layout.MAX_OPENER_BYTES + 1, True)]
)
def test_a_page_that_opens_the_package_is_one_more_signed_member(tmp_path, size, refused):
    target = BytesIO()
    builder = PackageBuilder(target, package_id="p", readme=b"")
    builder.add_copy(layout.OPENER, BytesIO(b"<" * size))
    builder.add_unit(units()[0][0], BytesIO(b"u"))
    builder.add_keyring(BytesIO(b"k"))
    builder.finish(handover(patients=0), signer(), at=SIGNED)
    path = tmp_path / "p"
    path.write_bytes(target.getvalue())
    verdict = check(path, trust(signer()))
    assert (verdict.refusal.code if verdict.refusal else "") == ("limit-exceeded" if refused else "")
    if not refused:
        assert (
            f'URI="{layout.OPENER}" MimeType="text/html"'
            in open_package(path, trust(signer())).member(layout.ASIC_MANIFEST).read().decode()
        )
