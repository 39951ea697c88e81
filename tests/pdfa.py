"""The judge of PDF/A-1b: Apache Preflight, one start for all files."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.tools import need

JARS = [
    Path("/usr/share/java", f"{name}.jar")
    for name in (
        "preflight",
        "pdfbox2",
        "fontbox2",
        "xmpbox",
        "commons-logging",
        "javax.activation",
        "jaxb-api",
    )
]
ANSWER = re.compile(r"^The file (?P<name>\S+) is (?P<judged>a|not a) valid PDF/A-1b file", re.MULTILINE)


def pdfa_faults(files: Mapping[str, bytes], folder: Path) -> dict[str, str]:
    """Return what Preflight says against each of ``files``, nothing where it is valid; else skip, and in CI fail."""
    java = need("java")
    absent = [jar.name for jar in JARS if not jar.exists()]
    if absent:
        packages = "libpdfbox2-java libactivation-java libjaxb-api-java"
        sentence = f"this machine has no {', '.join(absent)} (Debian: {packages})"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(sentence)
    judged = folder / "judged"
    judged.mkdir()
    for name, content in files.items():
        (judged / name).write_bytes(content)
    options = ("-XX:TieredStopAtLevel=1", f"-Dpdfbox.fontcache={folder}", "-cp", ":".join(map(str, JARS)))
    done = subprocess.run(
        [java, *options, "org.apache.pdfbox.preflight.Validator_A1b", "batch", str(judged)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    answers = list(ANSWER.finditer(done.stdout))
    assert {one["name"] for one in answers} == set(files), done.stdout + done.stderr
    ends = [*(one.start() for one in answers[1:]), len(done.stdout)]
    return {
        one["name"]: "" if one["judged"] == "a" else done.stdout[one.start() : end].strip()
        for one, end in zip(answers, ends, strict=True)
    }
