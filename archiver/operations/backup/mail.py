"""Mail by SMTP (RFC 5321), over TLS: a message that says how a backup is."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import urlsplit

from archiver.backup.errors import MailUnsent
from archiver.network import is_loopback
from formats.words import mark

SECONDS = 30
"""Seconds for each answer of the server."""
SUBMISSION, SUBMISSIONS = 587, 465
"""Ports of submission with STARTTLS and with TLS from the beginning (RFC 8314, 3.3)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MailServer:
    """``smtps://HOST[:PORT]`` (TLS from the beginning), or ``smtp://HOST[:PORT]``, which has to offer STARTTLS.

    Without TLS only this machine is spoken to. ``roots`` is PEM: authorities besides those of the system.
    """

    address: str
    user: str = ""
    password: str = field(default="", repr=False)
    roots: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """One message."""

    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    at: datetime


def send_mail(server: MailServer, mail: Mail) -> None:
    """Send ``mail``.

    Raises:
        MailUnsent: why the server did not take it for everybody.
    """
    parts = urlsplit(server.address)
    try:
        host, port = parts.hostname or "", parts.port
        if parts.scheme not in {"smtp", "smtps"} or not host or parts.username:
            raise ValueError(server.address)
    except ValueError:
        reason = mark("its address is smtps://HOST or smtp://HOST")
        raise MailUnsent(server=parts.hostname or "", reason=reason) from None
    try:
        context = ssl.create_default_context()
        if server.roots:
            context.load_verify_locations(cadata=server.roots)
        with _connected(parts.scheme, host, port, context) as client:
            if server.user:
                client.login(server.user, server.password)
            refused = client.send_message(_message(mail))
    except smtplib.SMTPNotSupportedError:
        raise MailUnsent(server=host, reason=mark("it does not offer TLS, or no login")) from None
    except ssl.SSLCertVerificationError:
        raise MailUnsent(server=host, reason=mark("this machine does not trust its certificate")) from None
    except (OSError, smtplib.SMTPException, ValueError) as fault:
        raise MailUnsent(server=host, reason=str(fault) or type(fault).__name__) from None
    if refused:
        raise MailUnsent(server=host, reason=", ".join(sorted(refused)))


def _connected(scheme: str, host: str, port: int | None, context: ssl.SSLContext) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or SUBMISSIONS, timeout=SECONDS, context=context)
    client = smtplib.SMTP(host, port or SUBMISSION, timeout=SECONDS)
    try:
        client.ehlo()
        if client.has_extn("starttls") or not is_loopback(host):
            client.starttls(context=context)
    except BaseException:
        client.close()
        raise
    return client


def _message(mail: Mail) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = mail.sender, ", ".join(mail.to), mail.subject
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = make_msgid(domain=mail.sender.rpartition("@")[2] or None)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message
