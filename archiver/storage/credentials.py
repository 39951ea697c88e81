"""Credentials of an object storage, from a file or the environment, as the tools of Amazon S3 take them.

They are in no message, in no journal, and never on a command line: whoever lists processes would read them.
"""

from __future__ import annotations

import configparser
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archiver.disk import failures_about
from archiver.storage.errors import StorageCredentialsUnusable
from formats.regular_files import open_regular
from formats.words import mark

MAX_FILE_BYTES = 64 << 10
"""Bytes of a credentials file: a few lines; nobody has more."""
PROFILE = "default"
KEY_ID, SECRET, TOKEN = "aws_access_key_id", "aws_secret_access_key", "aws_session_token"


@dataclass(frozen=True, kw_only=True, slots=True)
class StorageCredentials:
    """Access key of an account: its id, its secret, and the token of a session where it has one."""

    key_id: str = field(repr=False)
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)


def read_credentials(
    path: Path | None, environment: Mapping[str, str], profile: str = PROFILE
) -> StorageCredentials:
    """Return the credentials in the file ``path`` (INI), or without one those of the ``environment``.

    In the file they are those of the section ``profile``, or of ``[default]`` where it has none of that name.

    Raises:
        StorageCredentialsUnusable: when there are none, or the file cannot be read as what it should be.
        FileNotFound, NotARegularFile, DiskFault: when there is no such file.
    """
    if path is not None:
        return _from_file(path, profile)
    found = {name: environment.get(name.upper(), "") for name in (KEY_ID, SECRET, TOKEN)}
    return _credentials(found, mark("the environment has none"))


def require_credentials_file(path: Path | None) -> None:
    """Refuse a file of credentials that was named and is none, even where no storage needs it.

    Raises:
        FileNotFound, NotARegularFile, DiskFault: why it is none.
    """
    if path is not None:
        with failures_about(path):
            open_regular(path).close()


def _from_file(path: Path, profile: str) -> StorageCredentials:
    with failures_about(path), open_regular(path) as stream:
        content = stream.read(MAX_FILE_BYTES + 1)
        mode = os.fstat(stream.fileno()).st_mode
    if os.name == "posix" and mode & 0o077:
        raise StorageCredentialsUnusable(
            where=str(path), reason=mark("others may read the file (chmod 600 makes it yours alone)")
        )
    if len(content) > MAX_FILE_BYTES:
        raise StorageCredentialsUnusable(where=str(path), reason=mark("the file is too long"))
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(content.decode("utf-8-sig"))
        found = next((one for one in (profile, PROFILE) if parser.has_section(one)), "")
        section = dict(parser[found]) if found else {}
    except (UnicodeDecodeError, configparser.Error):
        # what stands there is not shown: it may be the secret itself
        raise StorageCredentialsUnusable(
            where=str(path), reason=mark("the file is not written as sections of settings")
        ) from None
    return _credentials(
        {name: section.get(name, "").strip() for name in (KEY_ID, SECRET, TOKEN)},
        mark("its section [default] does not have both aws_access_key_id and aws_secret_access_key"),
        where=str(path),
    )


def _credentials(found: Mapping[str, str], reason: str, *, where: str = "") -> StorageCredentials:
    if not found[KEY_ID] or not found[SECRET]:
        raise StorageCredentialsUnusable(where=where, reason=reason)
    return StorageCredentials(key_id=found[KEY_ID], secret=found[SECRET], token=found[TOKEN])
