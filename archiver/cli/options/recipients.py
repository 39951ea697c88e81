"""Who may open a package, as the command line names them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from archiver import disk
from archiver.assembly.keyrings import KeyringRecipients
from archiver.cli.options.identity_files import failures_in_file
from archiver.cli.options.passphrases import from_file
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.usage_errors import SayHow
from archiver.errors import KeyUnreadable
from archiver.sealing.age import SECRET_FOR_PUBLIC, Recipient, are_encrypted, parse_recipient, read_recipients
from formats.regular_files import open_regular
from formats.words import mark


def recipients_of(to: Sequence[str], passphrase_file: Path | None) -> KeyringRecipients:
    """Return those whom ``to`` names, by key or by file of keys, and whoever knows the passphrase.

    Raises:
        BadParameter: when nobody is named.
        KeyUnreadable, LimitExceeded, RecipientsRefused, DiskFault: when one cannot be used.
    """
    if not to and passphrase_file is None:
        reason = localize(mark("Say who may open it: a key (--to), or a passphrase in a file"))
        raise SayHow(reason)
    recipients = [one for text in to for one in _recipients(text)]
    return KeyringRecipients(
        recipients=recipients, passphrase=from_file(passphrase_file) if passphrase_file else ""
    )


def _recipients(text: str) -> list[Recipient]:
    if text.startswith("age1"):
        return [parse_recipient(text)]
    with failures_in_file(Path(text)), disk.failures_about(), open_regular(Path(text)) as stream:
        if are_encrypted(stream):
            raise KeyUnreadable(reason=SECRET_FOR_PUBLIC)
        return list(read_recipients(stream))
