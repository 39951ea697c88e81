"""What ``backup schedule`` does."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

from archiver.backup.description import read_backup_description
from archiver.cli.commands.backup.options import MailOptions
from archiver.cli.run.backup.status import require_mail
from archiver.cli.terminal.console import print_line, say, show_json
from archiver.operations.backup.schedule import ScheduleRequest, write_schedule
from formats.printable import printable
from formats.words import mark


def schedule(folder: Path, to: Path, mail: MailOptions, *, minutes: int, as_json: bool) -> None:
    """Write the files, and say how they are installed."""
    read_backup_description(folder)
    require_mail(mail)
    place = str(folder.absolute())
    written = write_schedule(
        ScheduleRequest(
            folder=to,
            program=_program(),
            run=("backup", "run", place),
            status=("backup", "status", place, *_mail_words(mail)),
            minutes=minutes,
        )
    )
    if as_json:
        show_json({"backup_schedule": 1, "files": [str(one) for one in written]})
        return
    for one in written:
        say(mark("Written: {path}"), path=str(one))
    say(mark("Nothing is installed yet. Linux, for the person who is logged in:"))
    place = printable(shlex.quote(str(to)))
    print_line("  mkdir -p ~/.config/systemd/user")
    print_line(
        f"  cp {place}/archiver-backup*.service {place}/archiver-backup*.timer ~/.config/systemd/user/"
    )
    print_line("  systemctl --user enable --now archiver-backup.timer archiver-backup-status.timer")
    say(mark("So that it runs while that person is logged out, too:"))
    print_line("  loginctl enable-linger")
    say(mark("Windows, at a command prompt:"))
    for name in ("archiver-backup", "archiver-backup-status"):
        print_line(f'  schtasks /Create /TN {name} /XML "{printable(str(to / f"{name}.xml"))}"')


def _program() -> Path:
    """Return the program as it was started, where that is a file, else the one that is found."""
    started = Path(sys.argv[0])
    if started.is_file():
        return started.absolute()
    return Path(shutil.which("archiver") or Path(sys.executable).with_name("archiver"))


def _mail_words(mail: MailOptions) -> tuple[str, ...]:
    if not mail.mail_to:
        return ()
    words = [word for one in mail.mail_to for word in ("--mail-to", one)]
    words += ["--mail-from", mail.mail_from, "--mail-server", mail.mail_server]
    for option, value in (
        ("--mail-user", mail.mail_user),
        ("--mail-password-file", mail.mail_password_file and str(mail.mail_password_file.absolute())),
        ("--mail-roots", mail.mail_roots and str(mail.mail_roots.absolute())),
    ):
        words += [option, value] if value else []
    return (*words, "--mail-always") if mail.mail_always else tuple(words)
