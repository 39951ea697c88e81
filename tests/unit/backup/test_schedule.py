"""Files of systemd and of the Task Scheduler: systemd itself reads the units; a task has the parts of its schema."""

from __future__ import annotations

import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from archiver.errors import AlreadyExists
from archiver.operations.backup.schedule import (
    STATUS_UNITS,
    TASK_NAMESPACE,
    TASKS,
    UNITS,
    ScheduleRequest,
    write_schedule,
)
from tests.tools import need

ODD = 'C:\\Cabinet "X"\\100 % $HOME'


@pytest.fixture
def request_of(tmp_path: Path) -> ScheduleRequest:
    program = tmp_path / "bin" / "archiver"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return ScheduleRequest(
        folder=tmp_path / "schedule",
        program=program,
        run=("backup", "run", ODD),
        status=("backup", "status", ODD),
        minutes=90,
    )


def test_systemd_takes_the_units(request_of: ScheduleRequest) -> None:
    write_schedule(request_of)
    units = [str(request_of.folder / name) for name in (*UNITS, *STATUS_UNITS)]
    done = subprocess.run(
        [need("systemd-analyze"), "verify", "--man=no", *units],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not [line for line in done.stderr.splitlines() if "archiver-backup" in line], done.stderr
    text = (request_of.folder / UNITS[0]).read_text(encoding="utf-8")
    assert r'"C:\\Cabinet \"X\"\\100 %% $$HOME"' in text
    assert "OnUnitInactiveSec=90min" in (request_of.folder / UNITS[1]).read_text(encoding="utf-8")


def test_a_task_has_the_parts_of_its_schema(request_of: ScheduleRequest) -> None:
    write_schedule(request_of)
    names = {"t": TASK_NAMESPACE}
    for name, action in zip(TASKS, ("run", "status"), strict=True):
        data = (request_of.folder / name).read_bytes()
        assert data[:2] in {b"\xff\xfe", b"\xfe\xff"}
        task = ET.fromstring(data)  # noqa: S314 - we made it
        assert task.tag == f"{{{TASK_NAMESPACE}}}Task" and task.get("version") == "1.2"
        # MS-TSCH 2.5.1: the order of the elements is that of the schema
        assert [one.tag.partition("}")[2] for one in task] == [
            *("RegistrationInfo", "Triggers", "Principals", "Settings", "Actions")
        ]
        trigger = task.find("t:Triggers/t:CalendarTrigger", names)
        assert trigger is not None and trigger.findtext("t:StartBoundary", namespaces=names)
        interval = trigger.findtext("t:Repetition/t:Interval", namespaces=names)
        assert interval == ("PT90M" if action == "run" else None)
        assert task.findtext("t:Actions/t:Exec/t:Command", namespaces=names) == str(request_of.program)
        arguments = task.findtext("t:Actions/t:Exec/t:Arguments", namespaces=names)
        assert arguments == f'backup {action} "C:\\Cabinet \\"X\\"\\100 % $HOME"'


def test_nothing_is_replaced(request_of: ScheduleRequest) -> None:
    written = write_schedule(request_of)
    assert len(written) == 6
    before = [one.read_bytes() for one in written]
    with pytest.raises(AlreadyExists):
        write_schedule(request_of)
    assert [one.read_bytes() for one in written] == before
