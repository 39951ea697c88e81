"""Install the wheel as people do, with every Python that is here, and run the main line with what was installed.

``uv tool install`` with each of 3.11 to 3.14 found, ``pipx install`` with one; always what the lock names.
Then the installation that another distribution's ``formats`` has overwritten must say so.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from samples.story.book import build_sqlite

ROOT = Path(__file__).resolve().parents[2]

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
LOCK = ROOT / "requirements.lock"
PRACTICE = ROOT / "samples" / "practice"
NUMBER = "99900000029"
LINE = (
    ("keys", "new", "keys", "--name", "Dr Malo Kerbrat", "--number", NUMBER, "--no-passphrase"),
    ("collect", "opendental", "practice.sqlite", "--images", PRACTICE / "images", "--into", "practice.db"),
    ("export", "practice.db", "package.asice", "--practitioner", NUMBER, "--roster", PRACTICE / "roster.csv",
     "--unsigned", "essai", "--to", "keys/receiver.recipient",
     "--signer", "keys/signer.p12", "--ground", "collaboration-exit"),
    ("verify", "package.asice", "--roots", "keys/roots.pem"),
    ("import", "package.asice", "--identity", "keys/receiver.identity", "--roots", "keys/roots.pem",
     "--into", "successor.db"),
)  # fmt: skip
DONE = (0, 4)
"""Done, or done but for what the sample practice has lost."""
OVERWRITTEN = 56


def main() -> int:
    """Install and run; what fails shows what it printed."""
    uv = Path(sys.executable).with_name("uv")
    with tempfile.TemporaryDirectory(prefix="archiver-installations-") as name:
        folder = Path(name)
        run(uv, "build", "--quiet", "--wheel", "--no-build-isolation", "--python", sys.executable,
            "--out-dir", folder, ROOT)  # fmt: skip
        [wheel] = folder.glob("*.whl")
        found = [(version, python) for version in PYTHONS if (python := interpreter(version))]
        for version, python in found:
            tools = folder / version
            place = {"UV_TOOL_DIR": tools, "UV_TOOL_BIN_DIR": tools / "bin"}
            run(uv, "tool", "install", "--quiet", "--python", python, "--constraints", LOCK, wheel, **place)
            main_line(tools / "bin" / "archiver", folder / f"line-{version}")
            print(f"Python {version}: uv tool install, collect, export, verify, import")
        pipx = folder / "pipx"
        place = {"PIPX_HOME": pipx, "PIPX_BIN_DIR": pipx / "bin", "PIP_NO_COMPILE": "0"}  # false: do not
        versions = folder / "versions.txt"  # with digests, pip asks for one of the wheel itself
        versions.write_text(
            "\n".join(re.findall(r"^\S+==[^\\\n]+", LOCK.read_text("utf-8"), re.MULTILINE)), "utf-8"
        )
        run(uv, "tool", "run", "--quiet", "pipx", "install", "--quiet", "--python", found[0][1],
            f"--pip-args=--constraint {versions}", wheel, **place)  # fmt: skip
        main_line(pipx / "bin" / "archiver", folder / "line-pipx")
        print(f"Python {found[0][0]}: pipx install, the same")
        overwritten(folder / found[0][0])
        print("overwritten by another distribution's formats: refused")
        absent = [version for version in PYTHONS if version not in dict(found)]
        print(f"not on this machine: {', '.join(absent) or 'none'}")
    return 0


def interpreter(version: str) -> Path | None:
    """Return the Python of ``version`` that runs here."""
    for name in (
        sys.executable,
        f"python{version}",
        *Path.home().glob(f".pyenv/versions/{version}.*/bin/python"),
    ):
        if path := shutil.which(name):
            asked = [path, "-c", "import sys; print('.'.join(map(str, sys.version_info[:2])))"]
            output = subprocess.run(asked, capture_output=True, encoding="utf-8", check=False).stdout.strip()
            if output == version:
                return Path(path)
    return None


def main_line(program: Path, folder: Path) -> None:
    """Collect the sample practice, export, verify and import with ``program``."""
    folder.mkdir()
    statements = (PRACTICE / "opendental.sql").read_text(encoding="utf-8")
    build_sqlite(statements, folder / "practice.sqlite")
    for command in LINE:
        run(program, *command, cwd=folder, expected=DONE, ARCHIVER_LANGUAGE="fr")


def overwritten(tools: Path) -> None:
    """Put another package ``formats`` where an installation has this program's, as pip does without a word."""
    [package] = tools.glob("archiver/lib/python*/site-packages/formats/__init__.py")
    package.write_text('"""Another distribution\'s."""\n', encoding="utf-8")
    output = run(tools / "bin" / "archiver", "--version", expected=(OVERWRITTEN,), ARCHIVER_LANGUAGE="en")
    if not output.endswith("[installation-overwritten]\n"):
        raise SystemExit(output)


def run(
    *command: str | Path, cwd: Path | None = None, expected: tuple[int, ...] = (0,), **environment: str | Path
) -> str:
    """Run ``command`` and return what it printed."""
    changed = {**os.environ, **{name: str(value) for name, value in environment.items()}}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=changed,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    if done.returncode not in expected:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {done.returncode}\n{done.stdout}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
