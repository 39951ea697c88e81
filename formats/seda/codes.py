"""Names and codes of SEDA 2.3, and the PRONOM identifiers of what lies in a sealed package."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

NAMESPACE = "fr:gouv:culture:archivesdefrance:seda:v2.3"
MANIFEST = "manifest.xml"
"""The only file at the root of a SIP; everything else lies in ``CONTENT``, which has no folders (VITAM, CHECK_SEDA)."""
CONTENT = "content"
DIGEST_ALGORITHM = "SHA-512"
"""Name that archiving systems give the hash function of ``MessageDigest``."""
NOT_STATED = "non-precise"
"""Identifier of an agency that nobody named: the schema asks for one."""

CODE_LISTS = (
    "MessageDigestAlgorithmCodeListVersion",
    "MimeTypeCodeListVersion",
    "FileFormatCodeListVersion",
    "DataObjectVersionCodeListVersion",
    "AppraisalRuleCodeListVersion",
    "AccessRuleCodeListVersion",
    "HoldRuleCodeListVersion",
)
"""Code lists a transfer uses, in the order of the schema; versions are the archiving system's own."""

_FORMATS: Mapping[str, tuple[str, str, str]] = {
    ".zip": ("ZIP Format", "application/zip", "x-fmt/263"),
    ".xml": ("Extensible Markup Language", "application/xml", "fmt/101"),
    ".json": ("JSON Data Interchange Format", "application/json", "fmt/817"),
    ".txt": ("Plain Text File", "text/plain", "x-fmt/111"),
    ".md": ("Markdown", "text/markdown", "fmt/1149"),
    ".htm": ("Hypertext Markup Language", "text/html", "fmt/471"),
    ".p7s": ("CMS SignedData", "application/pkcs7-signature", ""),
    ".age": ("age encrypted file", "application/octet-stream", ""),
    ".ers": ("Evidence Record Syntax", "application/octet-stream", ""),
}
_TEXT = ("Plain Text File", "text/plain", "x-fmt/111")
_UNKNOWN = ("", "application/octet-stream", "")


def file_format(name: str) -> tuple[str, str, str]:
    """Return name, media type and PRONOM identifier of the format of a member; ``""`` where PRONOM has none."""
    ending = PurePosixPath(name).suffix.lower()
    return _FORMATS.get(ending, _UNKNOWN) if ending else _TEXT
