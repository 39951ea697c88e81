"""SIGN.XML judged, in this order.

1. The document is one whole signature, with unique identifiers and a bounded number of references.
2. References lead nowhere outside; transforms and algorithms are those that are known and safe.
3. What SignedInfo refers to within the document has the digest stated, and the value is the certificate's key's.
4. Files: what is signed is there and has its digest, and what is there is signed.
5. XAdES properties, time-stamps, and whom the certificate names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.serialization import Encoding

from formats import xml
from formats.digests import SHA256, Digest, DigestAlgorithm, DigestMalformed
from formats.errors import Failure
from formats.judging.documents import OutsideJudge
from formats.judging.judgement import ABSENT, UNREADABLE, Judging
from formats.judging.members import MeasuredMember, Members
from formats.judging.pdlgc.container import MANIFEST, SIGNATURE, PortabilityTree
from formats.judging.pdlgc.signature.algorithms import (
    CANONICAL,
    ENVELOPED,
    EXCLUSIVE,
    METHODS,
    MIN_DIGEST_BYTES,
    PREFERRED_METHOD,
    algorithm_of_uri,
    canonical_form,
    key_is_strong,
    value_holds,
)
from formats.judging.pdlgc.signature.document import (
    MAX_REFERENCES_OF_ONE,
    SignedDocument,
    SignedReference,
    reference_count,
    referenced_file,
    signed_references,
)
from formats.judging.pdlgc.signature.properties import judge_names, judge_properties, stated_time, xades
from formats.judging.pdlgc.signature.rules import SIGNATURE_RULES
from formats.judging.pdlgc.signature.stamps import judge_stamps

MAX_SIGN_BYTES = 64 << 20
"""Bytes of SIGN.XML; 99,999 references take 30 MB."""
_AFTER_STRUCTURE = tuple(
    one for one, rule in SIGNATURE_RULES.items() if one != "sign-structure" and not rule.outside
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedFiles:
    """Files that a signature names, by their names in capitals."""

    where: str
    references: Mapping[str, SignedReference]

    def algorithms(self) -> set[DigestAlgorithm]:
        """Return the digest algorithms that are asked for."""
        found = (algorithm_of_uri(one.method) for one in self.references.values())
        return {one for one in found if one is not None}


def judge_signature(
    members: Members, institution: str, judging: Judging, outside: OutsideJudge | None = None
) -> SignedFiles | None:
    """Judge SIGN.XML by itself, and return what it signs; nothing where it is not there or cannot be read."""
    name = members.find(SIGNATURE)
    if not name:
        judging.leave(_AFTER_STRUCTURE, ABSENT)
        judging.leave(("sign-structure",), ABSENT)
        return None
    where = members.where(name)
    try:
        root = xml.parse(members.read(name, MAX_SIGN_BYTES), what=name, limit=MAX_SIGN_BYTES)
    except (Failure, OSError) as fault:
        judging.check("sign-structure", False, where, fault if isinstance(fault, Failure) else str(fault))
        judging.leave(_AFTER_STRUCTURE, UNREADABLE)
        return None
    count = reference_count(root)
    document = SignedDocument(root)
    if not judging.check("sign-structure", document.whole, where) or not judging.check(
        "sign-limits", count <= MAX_REFERENCES_OF_ONE, where, str(count)
    ):
        judging.leave((one for one in _AFTER_STRUCTURE if one != "sign-limits"), UNREADABLE)
        return None
    _judge_methods(document, where, judging)
    _judge_within(document, where, judging)
    certificates = document.certificates()
    judging.check("sign-certificate", certificates, where)
    judging.check("sign-certificate-alone", len(certificates) <= 1, where, str(len(certificates)))
    certificate = certificates[0] if certificates else None
    method, value_rule = document.algorithm("SignatureMethod")[0], ("sign-value",)
    canonical, prefixes = document.algorithm("CanonicalizationMethod")
    form = (
        canonical_form(document.signed_info, canonical, prefixes)
        if document.signed_info is not None
        else None
    )
    if certificate is None or method not in METHODS or form is None:
        judging.leave(value_rule, UNREADABLE)
    else:
        judging.check("sign-value", value_holds(certificate, method, document.value, form), where)
    judge_properties(document, certificate, where, judging)
    judge_stamps(document, where, judging, outside)
    if certificate is None:
        judging.leave(("sign-author", "sign-issuer"))
    else:
        judging.check("sign-algorithms", key_is_strong(certificate), where, "X509Certificate")
        judge_names(certificate, institution, where, judging)
        if outside is not None:
            ders = [one.public_bytes(Encoding.DER) for one in certificates]
            outside.judge_signer(ders, stated_time(document), where, judging)
    return SignedFiles(where=where, references=signed_references(document))


def _judge_methods(document: SignedDocument, where: str, judging: Judging) -> None:
    """Step 2."""
    canonical, method = (
        document.algorithm("CanonicalizationMethod")[0],
        document.algorithm("SignatureMethod")[0],
    )
    judging.check("sign-algorithms", canonical in CANONICAL, where, canonical)
    judging.check("sign-algorithms", method in METHODS, where, method)
    preferred = canonical == EXCLUSIVE and method == PREFERRED_METHOD
    every = [*(one for one, _ in document.references()), *document.files()]
    for one in every:
        place = f"{where}:{one.line}"
        leads = (one.is_within and document.target(one) is not None) or (
            not one.is_within and bool(referenced_file(one))
        )
        judging.check("sign-references", leads, place, one.uri)
        odd = next((name for name, _ in one.transforms if name not in CANONICAL and name != ENVELOPED), "")
        files = bool(one.transforms) and not one.is_within
        judging.check("sign-transforms", not odd and not files, place, odd or one.uri)
        algorithm = algorithm_of_uri(one.method)
        safe = algorithm is not None and algorithm.size >= MIN_DIGEST_BYTES
        judging.check("sign-algorithms", safe, place, one.method)
        preferred = preferred and (not safe or algorithm == SHA256)
    judging.check("sign-preferred", preferred, where, method)
    targets = [document.target(one) for one, _ in document.references()]
    others = [one for one in targets if one is None or one.tag != xades("SignedProperties")]
    judging.check("sign-form", len(others) == len(list(document.manifests())) == 1, where, str(len(targets)))


def _judge_within(document: SignedDocument, where: str, judging: Judging) -> None:
    """Step 3, but for the value."""
    for one, _ in document.references():
        data = document.transformed(one) if one.is_within else None
        algorithm = algorithm_of_uri(one.method)
        if data is not None and algorithm is not None:
            holds = _stated(one, algorithm) == Digest.of(data, algorithm=algorithm)
            judging.check("sign-digests", holds, f"{where}:{one.line}", one.uri)


def compare_files(
    signed: SignedFiles, container: PortabilityTree, measured: Mapping[str, MeasuredMember], judging: Judging
) -> None:
    """Step 4; ``measured`` are the members at the root by their names in capitals."""
    members = container.members
    for name, one in signed.references.items():
        place = f"{signed.where}:{one.line}"
        if not judging.check("sign-there", members.find(name), place, one.uri) or name not in measured:
            continue
        algorithm = algorithm_of_uri(one.method)
        if algorithm is not None:
            holds = _stated(one, algorithm) == measured[name].digests.get(algorithm)
            judging.check("sign-digests", holds, place, one.uri)
    for name in filter(None, (members.find(MANIFEST), *container.parts())):
        judging.check("sign-covers", name.upper() in signed.references, members.where(name))


def _stated(one: SignedReference, algorithm: DigestAlgorithm) -> Digest | None:
    try:
        return Digest.from_base64(one.value, algorithm)
    except DigestMalformed:
        return None
