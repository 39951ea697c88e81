"""The age v1 encrypted file (c2sp.org/age), complete but for hardware-tagged recipients."""

from archiver.sealing.age.encrypted_identities import (
    are_encrypted,
    decrypt_identities,
    encrypt_identities,
)
from archiver.sealing.age.file import decrypt, decrypting, encrypt, encrypting, open_payload
from archiver.sealing.age.hybrid import HybridIdentity, HybridRecipient
from archiver.sealing.age.keys import (
    SECRET_FOR_PUBLIC,
    identity_file,
    parse_identity,
    parse_recipient,
    read_identities,
    read_recipients,
)
from archiver.sealing.age.scrypt import PassphraseIdentity, PassphraseRecipient
from archiver.sealing.age.wrapping import Identity, Randomness, Recipient
from archiver.sealing.age.x25519 import X25519Identity, X25519Recipient

__all__ = [
    "SECRET_FOR_PUBLIC",
    "HybridIdentity",
    "HybridRecipient",
    "Identity",
    "PassphraseIdentity",
    "PassphraseRecipient",
    "Randomness",
    "Recipient",
    "X25519Identity",
    "X25519Recipient",
    "are_encrypted",
    "decrypt",
    "decrypt_identities",
    "decrypting",
    "encrypt",
    "encrypt_identities",
    "encrypting",
    "identity_file",
    "open_payload",
    "parse_identity",
    "parse_recipient",
    "read_identities",
    "read_recipients",
]
