"""Files that tie a set and are signed by somebody else, over something else, or by one where two should."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.vectors.generator import people
from tests.vectors.generator.case import Flaws
from tests.vectors.generator.later import CO_ASIC, CO_SIGNATURE, colleague, packed, sha256
from tests.vectors.generator.package import ASIC, SIGNATURE, Parts, Row
from tests.vectors.generator.volumes import set_case, set_parts, volume_list, volumes, without

CHANGED = "digest-mismatch"


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _signatures()
    yield from _second_signatures()


def _signatures() -> Flaws:
    invalid = "signature-invalid"
    signer = people.signer()
    flaws: dict[str, tuple[str, str, str, dict[str, Any]]] = {
        "stranger": (
            "another-key",
            "a stranger called like the signer of its volumes signed it",
            "signer-untrusted",
            {"by": people.impostor()},
        ),
        "unexpected": (
            "unexpected",
            "somebody signed it whom the root certified and nobody expects",
            "signer-unexpected",
            {"by": people.person("Dr Inattendu", issuer=people.root())},
        ),
        "self-made": (
            "another-key",
            "somebody vouches for himself",
            "signer-untrusted",
            {"by": people.person("Dr Seul")},
        ),
        "issued by a signer": (
            "another-key",
            "somebody whose certificate the signer issued signed it",
            "signer-untrusted",
            {"by": people.leaf_under_leaf(), "certificates": [people.leaf_under_leaf().der, signer.der]},
        ),
        "key of a stranger": (
            "another-key",
            "the certificate is that of its volumes and the key is not",
            invalid,
            {"by": people.impostor(), "named": signer, "vouched": signer, "certificates": [signer.der]},
        ),
        "certificate ended": (
            "expired",
            "the certificate had ended",
            "certificate-ended",
            {"by": people.expired()},
        ),
        "not yet": ("expired", "the certificate begins later", "certificate-ended", {"by": people.unborn()}),
        "revoked": (
            "revoked",
            "the certificate is revoked",
            "certificate-revoked",
            {"crls": [people.revocations()]},
        ),
        "spoiled": ("signature", "one bit of its signature is wrong", invalid, {"spoiled": True}),
        "two in one": ("signature", "two signed in one", invalid, {"signers": 2}),
        "SHA-1": ("downgrade", "it is signed with SHA-1", "signature-algorithm-ended", {"digest": "sha1"}),
        "digest of something else": (
            "other-manifest",
            "its signature is over something else",
            invalid,
            {"message_digest": bytes(32)},
        ),
        "stamp elsewhere": (
            "token",
            "its time-stamp is over another digest",
            "timestamp-invalid",
            {"stamp": True, "stamp_over": b"another signature"},
        ),
    }
    for what, (family, wrong, code, lie) in flaws.items():
        yield set_case(family, f"signed {what}", wrong, code, data=volume_list(signing=lie))
    other = {
        "of a volume": ("its signature is that of a volume", volumes()[0][SIGNATURE]),
        "empty": ("its signature is empty", b""),
    }
    for what, (wrong, data) in other.items():
        yield set_case(
            "other-manifest",
            f"signature {what}",
            wrong,
            invalid,
            data=volume_list(signature=lambda _, data=data: data),
        )
    borrowed = set_parts()
    borrowed |= {name: volumes()[0][name] for name in (ASIC, SIGNATURE)}
    yield set_case(
        "other-manifest",
        "signed list of a volume",
        "its signed list and signature are those of a volume",
        "member-missing",
        data=packed(borrowed),
    )
    first = datetime(2015, 5, 1, tzinfo=UTC)
    yield set_case(
        "expired",
        "signed before the certificate",
        "the stated time lies before the certificate",
        "certificate-ended",
        data=volume_list(signing={"signed_at": first}),
    )


def _second_signatures() -> Flaws:
    both = [sha256(people.signer().der), sha256(colleague().der)]

    def signed_by_two(named: Any = both, by: people.Person | None = None) -> Parts:
        def name(row: Row) -> Row:
            stated = row["signatures"]
            if named is None:
                return {**row, "signatures": stated[:1]}
            rows = [{**one, "certificate": key} for one, key in zip(stated, named, strict=True)]
            return {**row, "signatures": rows}

        return set_parts(manifest=name, co_signing={"by": by or colleague()})

    contents = signed_by_two()
    impostor = people.impostor()
    wrongs: dict[str, tuple[str, str, Parts]] = {
        "missing": (
            "the second signature was taken away",
            "member-missing",
            without(contents, CO_ASIC, CO_SIGNATURE),
        ),
        "list missing": ("the second list was taken away", "member-missing", without(contents, CO_ASIC)),
        "not named": ("a second signature that nobody names", "member-unlisted", signed_by_two(None)),
        "exchanged names": ("the two signers are exchanged", "lists-disagree", signed_by_two(both[::-1])),
        "of another": ("somebody else signed second", "lists-disagree", signed_by_two(by=people.stamper())),
        "of a stranger": (
            "a stranger signed second",
            "signer-untrusted",
            signed_by_two([both[0], sha256(impostor.der)], impostor),
        ),
        "of the first": (
            "the first signature is there twice",
            "list-invalid",
            {**contents, CO_ASIC: contents[ASIC], CO_SIGNATURE: contents[SIGNATURE]},
        ),
        "spoiled": (
            "the second signature is spoiled",
            "signature-invalid",
            {**contents, CO_SIGNATURE: contents[CO_SIGNATURE][:-9] + bytes(9)},
        ),
    }
    for what, (wrong, code, parts) in wrongs.items():
        yield set_case("co-signature", what, wrong, code, data=packed(parts))
