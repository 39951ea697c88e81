"""Mail to a server that really speaks SMTP: over TLS from the beginning, with STARTTLS, in the clear on loopback."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from archiver.backup.errors import MailUnsent
from archiver.operations.backup.mail import Mail, MailServer, send_mail

MAIL = Mail(
    sender="cabinet@example.fr",
    to=("dentiste@example.fr", "aide@example.fr"),
    subject="Cabinet des Tilleuls : la sauvegarde n’est PAS comme convenu",
    text="- é\n.\nfin",
    at=datetime(2026, 11, 30, tzinfo=UTC),
)


@dataclass(kw_only=True, slots=True)
class SmtpServer:
    """What a server of RFC 5321 took: envelopes with their messages."""

    tls: ssl.SSLContext | None = None
    starttls: bool = False
    refuses: frozenset[str] = frozenset()
    port: int = 0
    taken: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    secured: list[bool] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: C901
        def answer(line: str) -> None:
            writer.write(line.encode() + b"\r\n")

        secure, sender, to = self.tls is not None and not self.starttls, "", list[str]()
        answer("220 localhost ESMTP")
        while line := (await reader.readline()).decode().strip():
            verb, _, rest = line.partition(" ")
            match verb.upper():
                case "EHLO":
                    offered = ["250-localhost"]
                    offered += ["250-STARTTLS"] if self.starttls and not secure else []
                    answer("\r\n".join([*offered, "250 8BITMIME"]))
                case "STARTTLS":
                    answer("220 go ahead")
                    await writer.drain()
                    assert self.tls is not None
                    await writer.start_tls(self.tls)
                    secure = True
                case "MAIL":
                    sender = rest.partition("<")[2].partition(">")[0]
                    to = []
                    answer("250 ok")
                case "RCPT":
                    whom = rest.partition("<")[2].partition(">")[0]
                    if whom in self.refuses:
                        answer("550 no such mailbox")
                    else:
                        to.append(whom)
                        answer("250 ok")
                case "DATA":
                    answer("354 go ahead")
                    data = b""
                    while (piece := await reader.readline()) != b".\r\n":
                        data += piece[1:] if piece.startswith(b"..") else piece
                    self.taken.append((sender, to, data))
                    self.secured.append(secure)
                    answer("250 taken")
                case "QUIT":
                    answer("221 bye")
                    break
                case _:
                    answer("250 ok")
            await writer.drain()
        writer.close()


@contextmanager
def running(server: SmtpServer) -> Iterator[SmtpServer]:
    loop = asyncio.new_event_loop()
    context = None if server.starttls else server.tls
    listening = loop.run_until_complete(asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context))
    server.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(listening.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, str]:
    """A context of a server on loopback, and the authority (PEM) that a client accepts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Messagerie Exemple")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    folder: Path = tmp_path_factory.mktemp("smtp")
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(pem + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context, pem.decode("ascii")


@pytest.mark.parametrize("security", ["smtps", "starttls", "clear"])
def test_a_mail_arrives_whole(security: str, certified: tuple[ssl.SSLContext, str]) -> None:
    context, roots = certified
    server = SmtpServer(tls=None if security == "clear" else context, starttls=security == "starttls")
    with running(server):
        scheme = "smtps" if security == "smtps" else "smtp"
        send_mail(MailServer(address=f"{scheme}://127.0.0.1:{server.port}", roots=roots), MAIL)
    ((sender, to, data),) = server.taken
    assert (sender, tuple(to), server.secured) == (MAIL.sender, MAIL.to, [security != "clear"])
    message = message_from_bytes(data, policy=policy.default)
    assert message["Subject"] == MAIL.subject and message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().splitlines() == MAIL.text.splitlines()


def test_a_server_that_is_not_trusted_or_refuses_somebody_or_is_not_there_is_said(
    certified: tuple[ssl.SSLContext, str],
) -> None:
    context, roots = certified
    with running(SmtpServer(tls=context)) as server:
        address = f"smtps://127.0.0.1:{server.port}"
        with pytest.raises(MailUnsent, match="does not trust"):
            send_mail(MailServer(address=address), MAIL)
        assert not server.taken
    with running(SmtpServer(tls=context, refuses=frozenset({MAIL.to[1]}))) as server:
        address = f"smtps://127.0.0.1:{server.port}"
        with pytest.raises(MailUnsent, match=r"aide@example\.fr"):
            send_mail(MailServer(address=address, roots=roots), MAIL)
        assert len(server.taken) == 1
    with pytest.raises(MailUnsent):
        send_mail(MailServer(address=address, roots=roots), MAIL)
    for wrong in ("http://127.0.0.1", "127.0.0.1", "smtp://user@127.0.0.1", "smtps://127.0.0.1:x"):
        with pytest.raises(MailUnsent, match="smtps://HOST"):
            send_mail(MailServer(address=wrong), MAIL)
