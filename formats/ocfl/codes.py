"""Validation codes of OCFL 1.1 (https://ocfl.io/1.1/spec/validation-codes.html), and what each says."""

from __future__ import annotations

from formats.findings import Finding, Severity
from formats.words import mark

RULES = {
    "E001": mark("the object holds {found}, which belongs to no version"),
    "E003": mark("the declaration of an object is missing, or there are two"),
    "E006": mark("the declaration {found} is of no known version of OCFL"),
    "E007": mark("the declaration does not say what its name says"),
    "E008": mark("no version is listed"),
    "E009": mark("the first version is not v1"),
    "E010": mark("the versions do not follow each other: {found}"),
    "E011": mark("the numbers of the versions are not padded alike: {found}"),
    "E013": mark("the head is not padded as the versions are: {found}"),
    "E015": mark("a version holds a file outside its content folder: {found}"),
    "E017": mark("the name of the content folder is no plain name: {found}"),
    "E018": mark("the content folder is called {found}"),
    "E019": mark("the content folder is not the same in every version: {found}"),
    "E023": mark("no inventory lists the file {found}"),
    "E025": mark("the digest algorithm is not allowed, or a digest has another form: {found}"),
    "E033": mark("the inventory is no JSON object: {found}"),
    "E036": mark("the inventory lacks {found}"),
    "E037": mark("the identifier is empty, or another one: {found}"),
    "E038": mark("the type is of no known version of OCFL: {found}"),
    "E040": mark("the head is not the last version, or not that of its folder: {found}"),
    "E041": mark("the inventory lacks a list: {found}"),
    "E042": mark("a content path lies in no content folder of a version: {found}"),
    "E044": mark("the list of versions is no JSON object"),
    "E046": mark("the folder of a version is not listed, or is missing: {found}"),
    "E048": mark("a version lacks its moment or its state: {found}"),
    "E049": mark("the moment of a version is none of RFC 3339, with seconds and zone: {found}"),
    "E050": mark("a digest of the state is not in the manifest, or has another form: {found}"),
    "E052": mark("a logical path begins or ends with a slash: {found}"),
    "E053": mark("a logical path walks through folders: {found}"),
    "E054": mark("the author of a version is not written as it has to be: {found}"),
    "E057": mark("a list of further digests is not written as it has to be: {found}"),
    "E058": mark("the file with the digest of the inventory is missing"),
    "E060": mark("the inventory is not the one whose digest lies beside it"),
    "E061": mark("the file with the digest of the inventory is not written as it has to be"),
    "E063": mark("the inventory is missing"),
    "E064": mark("the inventory is not that of the last version"),
    "E066": mark("an earlier inventory says otherwise what a version holds: {found}"),
    "E067": mark("the folder of extensions holds a file: {found}"),
    "E069": mark("the declaration of a storage root is missing, wrong, or there are two"),
    "E070": mark("the description of the layout is not written as it has to be"),
    "E072": mark("files lie outside every object: {found}"),
    "E073": mark("an empty folder lies in the storage root: {found}"),
    "E086": mark("the folder of extensions of the storage root holds a file: {found}"),
    "E091": mark("what the manifest lists for a digest is no list of paths: {found}"),
    "E092": mark("a file is missing or is not the one that is listed: {found}"),
    "E093": mark("a file has not the further digest that is listed: {found}"),
    "E094": mark("the message of a version is no text: {found}"),
    "E095": mark("a logical path is there twice, or is a folder as well: {found}"),
    "E096": mark("the manifest has a digest twice: {found}"),
    "E097": mark("a list of further digests has one twice: {found}"),
    "E099": mark("a content path walks through folders: {found}"),
    "E100": mark("a content path begins or ends with a slash: {found}"),
    "E101": mark("a content path is there twice, or is a folder as well: {found}"),
    "E103": mark("an earlier version is of a later version of OCFL: {found}"),
    "E107": mark("no version uses a digest of the manifest: {found}"),
    "E112": mark("an object lies where the layout does not put it: {found}"),
    "W001": mark("the numbers of the versions are padded"),
    "W002": mark("a version holds a folder besides its content: {found}"),
    "W003": mark("the content folder of a version is empty: {found}"),
    "W004": mark("the digest algorithm is not SHA-512"),
    "W005": mark("the identifier is no URI: {found}"),
    "W007": mark("a version has no author or no message: {found}"),
    "W008": mark("the author of a version has no address: {found}"),
    "W009": mark("the address of an author is no URI: {found}"),
    "W010": mark("a version has no inventory of its own: {found}"),
    "W011": mark("an earlier inventory has another moment, author or message of version {found}"),
    "W013": mark("an extension is not registered: {found}"),
}
"""What is wrong, by the code of the specification; ``E112`` is ours: no code says that an object is misplaced."""
MAX_FOUND = 200
"""Characters of what was found in a sentence."""


def broken_rule(code: str, where: str, found: object = "") -> Finding:
    """Return the finding of the rule ``code`` at ``where``; codes with ``W`` are warnings."""
    severity = Severity.WARNING if code.startswith("W") else Severity.ERROR
    return Finding(
        severity=severity,
        code=code,
        where=where,
        sentence=RULES[code],
        facts={"found": str(found)[:MAX_FOUND]},
    )
