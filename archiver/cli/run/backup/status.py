"""What ``backup status`` does."""

from __future__ import annotations

import json
import socket
from pathlib import Path

from archiver import disk
from archiver.cli.clock import now
from archiver.cli.commands.backup.options import MailOptions
from archiver.cli.exits import SUCCESS, UNPROTECTED
from archiver.cli.options.passphrases import from_file
from archiver.cli.terminal.console import say, show_findings, show_json
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.usage_errors import SayHow
from archiver.nouns import DOSSIERS
from archiver.operations.backup.backup_vault import open_backup
from archiver.operations.backup.mail import Mail, MailServer, send_mail
from archiver.operations.backup.status import BackupStatus, backup_status
from archiver.operations.documents.outcomes import findings_json
from formats.errors import in_words
from formats.findings import Finding
from formats.regular_files import open_regular, read_regular
from formats.words import Counted, mark

MAX_ROOTS_BYTES = 1 << 20
"""Bytes of a file of authorities; one certificate has 2,000."""
GOOD = mark("The backup is as agreed: the newest verified copy is of {moment}.")
NOT_GOOD = mark("The backup is NOT as agreed.")


def status(folder: Path, report: Path | None, mail: MailOptions, *, as_json: bool) -> int:
    """Say how the backup is, write it down and mail it where that is asked for, and return the exit status.

    Raises:
        MailUnsent: when the mail server did not take the message; everything else is done then.
    """
    require_mail(mail)
    if report is not None and report.exists():
        open_regular(report).close()  # it is replaced: a device or a pipe must not be
    backup = open_backup(folder)
    found = backup_status(backup, clock=now)
    document = found.document(findings_json)
    if report is not None:
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        disk.write_text(report, text, mode=disk.PRIVATE, replace=True)
    if as_json:
        show_json(document)
    else:
        _show(found)
    if mail.mail_to and (mail.mail_always or not found.good):
        _send(backup.description.name, found, mail)
    return SUCCESS if found.good else UNPROTECTED


def require_mail(mail: MailOptions) -> None:
    """Refuse half of what a mail needs, and files that are none.

    Raises:
        SayHow: what is missing; FileNotFound, NotARegularFile: which file is none.
    """
    for path in (mail.mail_password_file, mail.mail_roots):
        if path is not None:
            with disk.failures_about(path):
                open_regular(path).close()
    if mail.mail_to and not (mail.mail_server and mail.mail_from):
        raise SayHow(localize(mark("A mail needs a server (--mail-server) and a sender (--mail-from)")))


def _show(found: BackupStatus) -> None:
    state = found.state
    say(
        mark("Run {number}, {dossiers}; newest verified copy: {verified}; last drill: {drilled}"),
        number=state.number,
        dossiers=Counted(found.dossiers, DOSSIERS),
        verified=_shown(state.verified),
        drilled=_shown(state.drilled),
    )
    show_findings((*found.problems, *found.remarks))
    say(GOOD if found.good else NOT_GOOD, moment=_shown(state.verified))


def _shown(moment: str) -> str:
    return moment.replace("T", " ").replace("+00:00", " UTC") if moment else localize(mark("never"))


def _send(name: str, found: BackupStatus, mail: MailOptions) -> None:
    sentence = GOOD if found.good else NOT_GOOD
    text = localize(sentence, moment=_shown(found.state.verified))
    lines = [text, "", *(_line(one) for one in (*found.problems, *found.remarks)), "", socket.gethostname()]
    server = MailServer(
        address=mail.mail_server,
        user=mail.mail_user,
        password=from_file(mail.mail_password_file) if mail.mail_password_file else "",
        roots=_text(mail.mail_roots) if mail.mail_roots else "",
    )
    send_mail(
        server,
        Mail(
            sender=mail.mail_from,
            to=tuple(mail.mail_to or ()),
            subject=f"{name}: {text}",
            text="\n".join(lines),
            at=found.at,
        ),
    )


def _text(path: Path) -> str:
    data = read_regular(path, MAX_ROOTS_BYTES, mark("the authorities of the mail server in bytes"))
    return data.decode("ascii", "replace")


def _line(one: Finding) -> str:
    where = f"{one.where}: " if one.where else ""
    return f"- {where}{in_words(one.sentence, one.facts, localize)} [{one.code}]"
