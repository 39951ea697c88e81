"""Read the keys that open a package from where the command line says they are."""

from __future__ import annotations

from archiver.cli.data_folder import remind_of_drill
from archiver.cli.options.identity_files import open_identities
from archiver.cli.options.keys import KeySources
from archiver.cli.options.passphrases import from_file, identity_passphrase
from archiver.sealing.age import Identity, PassphraseIdentity, read_identities
from archiver.sealing.passphrase import spellings


def keys_of(named: KeySources) -> list[Identity]:
    """Return the keys, and remind of recovery cards that should be tried.

    Raises:
        WrongPassphrase, PassphraseMissing, KeyUnreadable, CardFailure, LimitExceeded, DiskFault: when one
            cannot be read.
    """
    keys: list[Identity] = []
    passphrase = identity_passphrase(named.identity_passphrase_file)
    for path in named.identity or ():
        with open_identities(path, passphrase) as stream:
            keys += read_identities(stream)
    remind_of_drill(keys)
    if named.cards or named.cards_file:
        from archiver.cli.options.cards import key_from_cards

        keys.append(key_from_cards(named.cards_file or ()))
    if named.passphrase_file is not None:
        typed = from_file(named.passphrase_file)
        keys += [PassphraseIdentity(passphrase=one) for one in spellings(typed)]
    return keys
