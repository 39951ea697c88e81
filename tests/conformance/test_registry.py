"""The registry names what there is: every member has an example, and every source its command."""

from __future__ import annotations

import subprocess
import sys

import pytest

from archiver.cli.commands import collect
from archiver.cli.run.sources.listed import NETWORK_SOURCES
from archiver.cli.terminal.command_group import command_group
from formats import registry
from tests.conformance.members import FORMS, SOURCES


def test_every_member_has_an_example() -> None:
    assert set(registry.SOURCES) == SOURCES.keys()
    assert {
        name for name, one in registry.FORMS.items() if one.import_writer or one.import_checker
    } == FORMS.keys()


def test_every_source_has_a_command_of_its_name() -> None:
    command = command_group(collect.app)
    assert {*registry.SOURCES, *NETWORK_SOURCES, "any"} == set(command.commands)
    assert set(NETWORK_SOURCES.values()) <= set(registry.SOURCES)


def test_a_role_that_nobody_plays_is_refused() -> None:
    for role in (registry.reader_for, registry.writer_for, registry.checker_for):
        with pytest.raises(LookupError):
            role("nothing")
    with pytest.raises(LookupError):
        registry.writer_for("opendental")


def test_no_format_is_imported_before_it_is_asked_for() -> None:
    code = (
        "import sys; from formats import registry; "
        "print([one for one in sys.modules if one.startswith(('formats.fhir', 'formats.pdlgc', 'formats.dicom', "
        "'formats.opendental', 'formats.papers', 'formats.sources', 'pydicom', 'pymysql', 'lxml'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "[]\n"
