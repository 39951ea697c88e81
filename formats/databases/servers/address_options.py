"""Options of an address (the query of RFC 3986, 3.4): which each engine takes, and of what form; others are refused.

Left out are options that would write, run statements of their own, load a file of settings, or change what a session of
ours relies upon.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from formats.databases.servers.failures import DatabaseOptionUnfit
from formats.words import mark

MAX_SECONDS = 86_400
"""Seconds that an option may ask to wait: a day."""
PASSWORDS = frozenset({"password", "passwd", "pwd"})
"""Options that are the password of the user; they never reach a driver as options."""


class OptionForm(Enum):
    """What the value of an option is."""

    TEXT, SECONDS, YES_NO, SECRET = range(4)


Form = OptionForm | tuple[str, ...]
"""A form, or the words of which the value is one."""
_TLS = {"ssl_ca": OptionForm.TEXT, "ssl_cert": OptionForm.TEXT, "ssl_key": OptionForm.TEXT}
OPTIONS: Mapping[str, Mapping[str, Form]] = {
    "mysql": {
        "unix_socket": OptionForm.TEXT,
        "charset": (
            "utf8mb4",
            "utf8",
        ),  # of the connection, not of the tables; servers before 5.5 have the latter
        "connect_timeout": OptionForm.SECONDS,
        "read_timeout": OptionForm.SECONDS,
        "write_timeout": OptionForm.SECONDS,
        **_TLS,
        "ssl_capath": OptionForm.TEXT,
        "ssl_cipher": OptionForm.TEXT,
        "ssl_check_hostname": OptionForm.YES_NO,
    },
    "postgresql": {
        "host": OptionForm.TEXT,
        "hostaddr": OptionForm.TEXT,
        "connect_timeout": OptionForm.SECONDS,
        "charset": OptionForm.TEXT,
        "client_encoding": OptionForm.TEXT,
        "service": OptionForm.TEXT,
        "passfile": OptionForm.TEXT,
        "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
        "sslrootcert": OptionForm.TEXT,
        "sslcert": OptionForm.TEXT,
        "sslkey": OptionForm.TEXT,
        "sslpassword": OptionForm.SECRET,
        "gssencmode": OptionForm.TEXT,
        "channel_binding": OptionForm.TEXT,
        "target_session_attrs": OptionForm.TEXT,
    },
    "mssql": {
        "charset": OptionForm.TEXT,
        "timeout": OptionForm.SECONDS,
        "login_timeout": OptionForm.SECONDS,
        "tds_version": ("7.0", "7.1", "7.2", "7.3", "7.4"),
        "encryption": ("default", "off", "request", "require"),
    },
    "firebird": {"charset": OptionForm.TEXT, "role": OptionForm.TEXT, "fb_client_library": OptionForm.TEXT},
    "sqlite": {},
    "opendental": {"unix_socket": OptionForm.TEXT, "ssl_ca": OptionForm.TEXT},
}
"""Options by engine, as its driver calls them."""
_SYNONYMS = {("postgresql", "charset"): "client_encoding"}
_YES_NO = frozenset({"true", "false", "1", "0", "yes", "no", "on", "off"})


def checked_options(
    engine: str, pairs: Iterable[tuple[str, str]], where: str
) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Return the options in ``pairs`` as the driver of ``engine`` takes them, and the passwords among them.

    ``where`` is what a refusal calls the address.

    Raises:
        DatabaseOptionUnfit: for an option that it does not take, that stands there twice, or whose value is none.
    """
    known = OPTIONS[engine]
    found: dict[str, str] = {}
    passwords: dict[str, str] = {}
    for name, value in pairs:
        into = passwords if name in PASSWORDS else found
        form: Form | None = known.get(name)
        if name in PASSWORDS and known:
            form = OptionForm.SECRET
        option = _SYNONYMS.get((engine, name), name)
        reason = _fault(form, value, again=option in into)
        if reason:
            # a name that is no word may be part of a password with a “?” or a “&” in it
            shown = name if name.isidentifier() and name.isascii() else "…"
            may = ", ".join(form if isinstance(form, tuple) else sorted(known)) or "–"
            raise DatabaseOptionUnfit(where=where, option=shown, reason=reason, known=may)
        into[option] = value
    return tuple(found.items()), tuple(passwords.values())


def secrets_among(engine: str, options: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the values of ``options`` that no message may repeat."""
    return tuple(value for name, value in options if OPTIONS[engine][name] is OptionForm.SECRET)


def _fault(form: Form | None, value: str, *, again: bool) -> str:
    """Return what is wrong with a value of an option of ``form``, as the end of a sentence; nothing if it is right."""
    faults = (
        (form is None, mark("it is not known")),
        (again, mark("it stands there twice")),
        (not value, mark("it has no value")),
        (isinstance(form, tuple) and value not in form, mark("it takes one of a few words")),
        (form is OptionForm.YES_NO and value.lower() not in _YES_NO, mark("it takes true or false")),
        (
            form is OptionForm.SECONDS and not _is_seconds(value),
            mark("it takes a whole number of seconds, a day at most"),
        ),
    )
    return next((sentence for found, sentence in faults if found), "")


def _is_seconds(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 6 and 0 < int(value) <= MAX_SECONDS
