"""Packages with long dossiers, or with many, made quickly: what OUVRIR.HTM needs of a dossier, and nothing else."""

from __future__ import annotations

import io
import secrets
import tempfile
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

from archiver.package import layout
from archiver.package.build import PackageBuilder
from archiver.package.manifests.manifest import Volume
from archiver.package.manifests.patients import commitment_to
from archiver.package.manifests.terms import terms_of
from archiver.sealing.age import HybridIdentity
from archiver.sealing.keyring import KeyringEntry, KeyringHeader, writing_keyring
from archiver.sealing.unit import UnitSink, new_passphrase, new_salt, sealing_unit
from formats.json_text import canonical_json
from tests.packages import SIGNED, handover, signer

STEP = 8 << 20
"""Bytes of a long file that are written at a time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """A dossier to be made: whose, how many bytes one file of it has, and further files, which are packed."""

    family: str
    size: int
    files: tuple[tuple[str, bytes], ...] = ()


def write_dossier(target: UnitSink, content: Content, about: bytes) -> None:
    """Write a plain archive: a page, what says which unit it is, and a file that does not shrink."""
    page = (
        "<!DOCTYPE html><html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title></head>"
        f"<body><p>{content.family}</p></body></html>"
    )
    piece = secrets.token_bytes(min(STEP, content.size))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        archive.writestr("INDEX.HTM", page)
        archive.writestr("DATA/UNIT.JSO", about)
        for name, data in content.files:
            archive.writestr(name, data, zipfile.ZIP_DEFLATED)
        with archive.open("DOCUMENTS/FILE.BIN", "w") as file:
            for _ in range(content.size // len(piece)):
                file.write(piece)


def write_volume(path: Path, contents: list[Content], identity: HybridIdentity, place: Volume | None) -> None:
    """Write a package with ``contents``, opened by ``identity``; ``place`` is its place in a set."""
    package_id = f"urn:benchmark:{path.stem}"
    entries: list[KeyringEntry] = []
    with path.open("w+b") as target, tempfile.TemporaryFile(dir=path.parent) as unit:
        builder = PackageBuilder(target, package_id=package_id, readme=b"LISEZ-MOI\r\n")
        for number, content in enumerate([*contents, None]):
            unit.seek(0)
            unit.truncate()
            passphrase, unit_id = new_passphrase(secrets.token_bytes), layout.new_unit_id(secrets.token_bytes)
            member = f"PAT{number + 1:05}.ZIP" if content else "TRANSV.ZIP"
            traits = (
                {"family": content.family, "given": f"Essai {number}", "number": str(number)}
                if content
                else None
            )
            about = canonical_json({"patient": traits, "salt": "t" * 43, "unit": unit_id})
            with sealing_unit(
                unit, passphrase=passphrase, salt=new_salt(secrets.token_bytes), member=member
            ) as sink:
                write_dossier(sink, content or Content(family="", size=10), about)
            unit.seek(0)
            builder.add_unit(unit_id, unit)
            entries.append(
                KeyringEntry(
                    unit=unit_id, member=member, passphrase=passphrase, plain_digest=sink.sealed.plain_digest,
                    plain_size=sink.sealed.plain_size, patient=traits, counts={}, salt="t" * 43 if content else None,
                )
            )  # fmt: skip
        facts = replace(handover(patients=len(contents)), volume=place, counts={})
        header = KeyringHeader(
            package=package_id,
            nonce=secrets.token_bytes(32),
            signers=(signer().fingerprint,),
            terms=terms_of(facts),
        )
        keyring = io.BytesIO()
        recipients = [identity.to_recipient()]
        with writing_keyring(keyring, recipients, header=header, randomness=secrets.token_bytes) as writer:
            for entry in entries:
                writer.add(entry)
        builder.add_keyring(io.BytesIO(keyring.getvalue()))
        facts = replace(
            facts, keyring_commitment=writer.commitment, patients_commitment=commitment_to(entries)
        )
        builder.finish(facts, signer(), at=SIGNED)
