"""SIGN.XML as a tree: its one signature, the objects it signs, its references (XML-DSig)."""

from __future__ import annotations

import base64
import binascii
import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from cryptography.x509 import Certificate, load_der_x509_certificate

from formats.judging.pdlgc.signature.algorithms import DS, ENVELOPED, canonical_form
from formats.xml import Element

MAX_REFERENCES_OF_ONE = 110_000
"""99,999 patients, and what is beside them."""
DEFAULT_CANONICAL = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_EXCLUSIVE_NAMESPACES = "{http://www.w3.org/2001/10/xml-exc-c14n#}InclusiveNamespaces"


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedReference:
    """A reference: what it names, how it is transformed, its digest in base64."""

    uri: str
    transforms: tuple[tuple[str, str], ...]
    method: str
    value: str
    type: str
    line: int

    @property
    def is_within(self) -> bool:
        """Whether it names something of the document itself."""
        return not self.uri or self.uri.startswith("#")


def ds(name: str) -> str:
    """Return a name of XML-DSig with its namespace."""
    return f"{{{DS}}}{name}"


class SignedDocument:
    """SIGN.XML whose root is, or holds, one ``ds:Signature``; ``whole`` says that nothing of it is missing or twice."""

    def __init__(self, root: Element) -> None:
        self.root = root
        found = [root] if root.tag == ds("Signature") else list(root.iter(ds("Signature")))
        self.signature = found[0] if found else None
        self.signed_info = self._child("SignedInfo")
        self._value = self._child("SignatureValue")
        self._ids: dict[str, list[Element]] = {}
        for node in root.iter():
            for name in ("Id", "ID", "id"):
                if node.get(name):
                    self._ids.setdefault(str(node.get(name)), []).append(node)
                    break
        self.whole = (
            len(found) == 1
            and self.signed_info is not None
            and bool(self.value)
            and all(len(one) == 1 for one in self._ids.values())
        )

    def _child(self, name: str) -> Element | None:
        return None if self.signature is None else self.signature.find(ds(name))

    @property
    def value(self) -> bytes:
        """The value of the signature; empty where it is none."""
        return _bytes_of(self._value.text if self._value is not None else "")

    @property
    def value_node(self) -> Element | None:
        """The element with the value of the signature, over which time-stamps are."""
        return self._value

    def algorithm(self, name: str) -> tuple[str, str]:
        """Return the algorithm of an element of SignedInfo, and its inclusive prefixes."""
        node = self.signed_info.find(ds(name)) if self.signed_info is not None else None
        return _algorithm(node)

    def certificates(self) -> list[Certificate]:
        """Return the certificates of KeyInfo that can be read."""
        info = self._child("KeyInfo")
        found = []
        for node in info.iter(ds("X509Certificate")) if info is not None else ():
            try:
                found.append(load_der_x509_certificate(_bytes_of(node.text)))
            except ValueError:
                continue
        return found

    def references(self) -> Iterator[tuple[SignedReference, Element]]:
        """Yield the references of SignedInfo, each with its element."""
        for node in self.signed_info.findall(ds("Reference")) if self.signed_info is not None else ():
            yield _reference(node), node

    def manifests(self) -> Iterator[Element]:
        """Yield the ds:Manifest elements that SignedInfo refers to: what others list is not signed."""
        for one, _ in self.references():
            target = self.target(one)
            if target is not None:
                yield from ([target] if target.tag == ds("Manifest") else target.findall(ds("Manifest")))

    def files(self) -> Iterator[SignedReference]:
        """Yield the references to files: those of SignedInfo itself and of manifests that it refers to."""
        yield from (one for one, _ in self.references() if not one.is_within)
        for manifest in self.manifests():
            yield from (_reference(node) for node in manifest.findall(ds("Reference")))

    def target(self, reference: SignedReference) -> Element | None:
        """Return the element that a reference within the document names."""
        if not reference.is_within:
            return None
        if not reference.uri:
            return self.root
        found = self._ids.get(reference.uri[1:], ())
        return found[0] if len(found) == 1 else None

    def transformed(self, reference: SignedReference) -> bytes | None:
        """Return the bytes of what a reference within the document names; nothing where they cannot be made."""
        target = self.target(reference)
        if target is None:
            return None
        methods = [one for one in reference.transforms if one[0] != ENVELOPED]
        if len(methods) != len(reference.transforms):
            target = self._without_signature(target)
        if len(methods) > 1 or target is None:
            return None
        method, prefixes = methods[0] if methods else (DEFAULT_CANONICAL, "")
        return canonical_form(target, method, prefixes)

    def _without_signature(self, target: Element) -> Element | None:
        if target is not self.root or self.root.tag == ds("Signature"):
            return None
        made = copy.deepcopy(target)
        for node in list(made.iter(ds("Signature"))):
            above = node.getparent()
            if above is not None:
                above.remove(node)
        return made


def reference_count(root: Element) -> int:
    """Return how many references a document has, wherever they stand."""
    return sum(1 for _ in root.iter(ds("Reference")))


def referenced_file(reference: SignedReference) -> str:
    """Return the name of the file that a reference names; empty where it leads elsewhere than into the archive."""
    name = unquote(reference.uri).replace("\\", "/").removeprefix("./")
    outside = ":" in name or name.startswith("/") or ".." in name.split("/") or "?" in name or "#" in name
    return "" if outside else name


def _algorithm(node: Element | None) -> tuple[str, str]:
    if node is None:
        return "", ""
    inclusive = node.find(_EXCLUSIVE_NAMESPACES)
    return node.get("Algorithm", ""), inclusive.get("PrefixList", "") if inclusive is not None else ""


def _reference(node: Element) -> SignedReference:
    transforms = node.find(ds("Transforms"))
    value = node.find(ds("DigestValue"))
    return SignedReference(
        uri=node.get("URI", ""),
        transforms=tuple(_algorithm(one) for one in transforms) if transforms is not None else (),
        method=_algorithm(node.find(ds("DigestMethod")))[0],
        value="".join((value.text or "").split()) if value is not None else "",
        type=node.get("Type", ""),
        line=node.sourceline if isinstance(node.sourceline, int) else 0,
    )


def _bytes_of(text: str | None) -> bytes:
    try:
        return base64.b64decode("".join((text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def signed_references(document: SignedDocument) -> Mapping[str, SignedReference]:
    """Return the references to files by their names in capitals."""
    return {referenced_file(one).upper(): one for one in document.files() if referenced_file(one)}
