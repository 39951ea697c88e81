"""Schedule of a backup: files of systemd and of the Windows Task Scheduler, written for a person who installs them.

Units of systemd (systemd.service(5), systemd.timer(5)) and a task in the schema of Windows (MS-TSCH, 2.5): each runs
``backup run`` at an interval, and ``backup status`` once a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from archiver import disk
from archiver.errors import AlreadyExists
from formats.xml_markup import text_markup

UNITS = ("archiver-backup.service", "archiver-backup.timer")
STATUS_UNITS = ("archiver-backup-status.service", "archiver-backup-status.timer")
TASKS = ("archiver-backup.xml", "archiver-backup-status.xml")
TASK_NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduleRequest:
    """What is to run how often: ``program`` with ``run`` every ``minutes``, and with ``status`` once a day."""

    folder: Path
    program: Path
    run: Sequence[str]
    status: Sequence[str]
    minutes: int


def write_schedule(request: ScheduleRequest) -> tuple[Path, ...]:
    """Write the six files into the folder and return them; nothing is installed.

    Raises:
        AlreadyExists: when one of them is there; DiskFull, DiskFault.
    """
    run, status = (_command(request.program, words) for words in (request.run, request.status))
    texts = {
        UNITS[0]: _service("Backup of the practice (archiver)", run),
        UNITS[1]: _timer(f"OnBootSec=5min\nOnUnitInactiveSec={request.minutes}min", "Backup of the practice"),
        STATUS_UNITS[0]: _service("Status of the backup of the practice (archiver)", status),
        STATUS_UNITS[1]: _timer("OnCalendar=*-*-* 12:30:00", "Status of the backup of the practice"),
    }
    tasks = {
        TASKS[0]: _task(request.program, request.run, f"PT{request.minutes}M"),
        TASKS[1]: _task(request.program, request.status, ""),
    }
    paths = [request.folder / name for name in (*texts, *tasks)]
    for path in paths:
        if path.exists():
            raise AlreadyExists(path=str(path))
    with disk.failures_about(request.folder):
        request.folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        disk.write_text(request.folder / name, text)
    for name, text in tasks.items():
        with disk.write_aside(request.folder / name) as stream:
            stream.write(text.encode("utf-16"))  # what the Task Scheduler writes and imports
    return tuple(paths)


def _command(program: Path, words: Sequence[str]) -> str:
    """Return a command line as systemd.syntax(7) has it."""
    return " ".join(map(_unit_word, (str(program), *words)))


def _unit_word(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def _service(description: str, command: str) -> str:
    return (
        f"[Unit]\nDescription={description}\nAfter=network-online.target\nWants=network-online.target\n\n"
        f"[Service]\nType=oneshot\nExecStart={command}\nNice=10\nIOSchedulingClass=idle\n"
        "PrivateTmp=yes\nNoNewPrivileges=yes\n"
    )


def _timer(when: str, description: str) -> str:
    return (
        f"[Unit]\nDescription={description} (archiver)\n\n[Timer]\n{when}\n"
        f"{'Persistent=true' + chr(10) if 'OnCalendar' in when else ''}\n[Install]\nWantedBy=timers.target\n"
    )


def _task(program: Path, words: Sequence[str], interval: str) -> str:
    repetition = (
        f"<Repetition><Interval>{interval}</Interval><StopAtDurationEnd>false</StopAtDurationEnd></Repetition>"
        if interval
        else ""
    )
    arguments = " ".join(map(_windows_word, words))
    return (
        '<?xml version="1.0" encoding="UTF-16"?>\n'
        f'<Task version="1.2" xmlns="{TASK_NAMESPACE}">\n'
        "  <RegistrationInfo><Author>archiver</Author></RegistrationInfo>\n"
        f"  <Triggers><CalendarTrigger>{repetition}<StartBoundary>2026-01-01T12:30:00</StartBoundary>"
        "<Enabled>true</Enabled><ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>"
        "</CalendarTrigger></Triggers>\n"
        '  <Principals><Principal id="Author"><LogonType>InteractiveToken</LogonType>'
        "<RunLevel>LeastPrivilege</RunLevel></Principal></Principals>\n"
        "  <Settings><MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>"
        "<DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>"
        "<StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>"
        "<StartWhenAvailable>true</StartWhenAvailable><Enabled>true</Enabled>"
        "<ExecutionTimeLimit>PT0S</ExecutionTimeLimit><Priority>7</Priority></Settings>\n"
        f'  <Actions Context="Author"><Exec><Command>{text_markup(str(program))}</Command>'
        f"<Arguments>{text_markup(arguments)}</Arguments></Exec></Actions>\n</Task>\n"
    )


def _windows_word(word: str) -> str:
    """Return a word as a Windows program reads it from its command line (CommandLineToArgvW)."""
    if word and not set(word) & set(' \t"'):
        return word
    quoted, slashes = "", 0
    for letter in word:
        if letter == '"':
            quoted += "\\" * (slashes + 1)
        quoted += letter
        slashes = slashes + 1 if letter == "\\" else 0
    return f'"{quoted}{chr(92) * slashes}"'
