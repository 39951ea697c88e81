"""Signers as the command line names them: a PKCS#12 file, or the address of a key on a device."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.cli.options.passphrases import device_pin, signer_passphrase
from archiver.cli.options.signing import SigningOptions
from archiver.cli.options.time_stamping import stamping_of
from archiver.cli.terminal.console import note
from archiver.errors import WrongPassphrase
from archiver.sealing.passphrase import spellings
from archiver.signing.certificates.chain import parse_certificate, path_above
from archiver.signing.certificates.reading import read_roots
from archiver.signing.certificates.subject import name_in, subject_name
from archiver.signing.errors import DeviceMissing
from archiver.signing.keys.device_address import is_device_address, read_device_address
from archiver.signing.keys.key_file import KeySigner, Signer, load_signer
from archiver.signing.keys.signer_check import lacks_root
from archiver.signing.revocation.sources import Sources, read_sources
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import Stamping
from formats.words import mark

if TYPE_CHECKING:
    from archiver.signing.keys.device import DeviceSigner


@dataclass(frozen=True, kw_only=True, slots=True)
class Signatures:
    """Who signs, who signs as well, who stamps, and what is known about revocations."""

    signer: Signer
    co_signer: Signer | None
    stamp: Stamping | None
    sources: Sources


def signatures_of(options: SigningOptions, trust: Trust) -> Signatures:
    """Return what the options name; a time-stamp is judged with ``trust``.

    Raises:
        KeyFailure: when a key cannot be used; ExtraMissing: when devices are not supported here.
        RevocationUnreadable, LimitExceeded, DiskFault: when a file cannot be used.
    """
    module = options.pkcs11_module
    second, chain = options.co_signer, options.chain or ()
    return Signatures(
        signer=signer_of(options.signer, options.signer_passphrase_file, module, chain),
        co_signer=signer_of(second, options.co_signer_passphrase_file, module, chain) if second else None,
        stamp=stamping_of(options.tsa or (), trust),
        sources=read_sources(options.crl or (), options.ocsp or ()),
    )


def signer_of(
    text: str, secret_file: Path | None, module: Path | None = None, chain: Sequence[Path] = ()
) -> Signer:
    """Return the signer ``text`` names; its passphrase or PIN is on the first line of ``secret_file``.

    ``chain`` are files of certificates, of which those above the signer's complete its path.

    Raises:
        KeyFailure: when the key cannot be used; ExtraMissing: when devices are not supported here.
        LimitExceeded, DiskFault: when a file cannot be used.
    """
    signer = _named(text, secret_file, module)
    beside = signer.left_out if isinstance(signer, KeySigner) else ()
    others = [one for path in chain for one in read_roots(path)]
    above = path_above(signer.certificate, (*signer.chain, *beside, *others))
    if names := "; ".join(subject_name(one) for one in beside if one not in above):
        note(
            mark("Not in the signature, because they are not above the certificate of {signer}: {names}."),
            signer=subject_name(signer.certificate),
            names=names,
        )
    left_out = tuple(
        one for one in dict.fromkeys((*beside, *others)) if one not in {signer.certificate, *above}
    )
    whole = replace(signer, chain=above, left_out=left_out)
    if lacks_root(whole):
        _note_missing_root(whole)
    return whole


def _note_missing_root(signer: Signer) -> None:
    """Say whose certificate readers have to bring."""
    note(
        mark(
            "The certificate of {issuer}, above {authority}, is not with the key of {signer}: readers need it "
            "as a root (--roots). If it is no root, give it and those above it (--chain)."
        ),
        issuer=name_in(parse_certificate(signer.chain[-1]).issuer),
        authority=subject_name(signer.chain[-1]),
        signer=subject_name(signer.certificate),
    )


def _named(text: str, secret_file: Path | None, module: Path | None) -> KeySigner | DeviceSigner:
    if not is_device_address(text):
        return _loaded(Path(text), signer_passphrase(secret_file, Path(text)))
    address = read_device_address(text)
    chosen = module or address.module
    if chosen is None:
        raise DeviceMissing(
            where=address.text, reason=mark("--pkcs11-module does not say how to speak with it")
        )
    # only where a device is used: the library behind it is an optional part
    from archiver.signing.keys.device import open_device

    return open_device(address, chosen, device_pin(secret_file or address.pin_source, address.text))


def _loaded(path: Path, passphrase: str | None) -> KeySigner:
    """Return the signer of a key file; its passphrase may have been written otherwise on another system."""
    *others, last = spellings(passphrase) if passphrase else (None,)
    for one in others:
        with suppress(WrongPassphrase):
            return load_signer(path, one)
    return load_signer(path, last)
