"""The whole line on the sample practice: a collaborator leaves, and the next practice reads the records.

Runs the real program, one command after the other, and shows each. Nothing
is prepared but the SQLite copies of the two practices' Open Dental tables.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

from samples.story.book import build_sqlite

SAMPLES = Path(__file__).resolve().parent
PROGRAM = Path(sys.executable).with_name("archiver.exe" if os.name == "nt" else "archiver")
COLLABORATOR = "99900000029"
"""The fictive RPPS number of Dr Malo Kerbrat, who leaves."""
OWNER, OWNER_NAME = "99900000011", "Dr Hélène Vauquelin"
"""The owner of the practice, and her fictive RPPS number."""


INCOMPLETE = 4
"""How a collection ends of which something stayed behind: the practice has a lost file, and a name that is refused."""


class Stopped(SystemExit):
    """A step ended otherwise than it should."""


class Demonstration:
    """Steps in a folder that did not exist before."""

    def __init__(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.folder = folder
        self.step = 0

    def title(self, french: str, english: str) -> None:
        """Announce a step."""
        self.step += 1
        print(f"\n[{self.step}] {french}\n    {english}", flush=True)

    def run(self, *arguments: str | Path, output: str = "", status: int = 0) -> None:
        """Run the program in the folder, which ends with ``status``; ``output`` takes what it prints."""
        shown = shlex.join(map(str, arguments))
        print(f"    $ archiver {shown}" + (f" > {output}" if output else ""), flush=True)
        command = [str(PROGRAM), *map(str, arguments)]
        done = subprocess.run(command, cwd=self.folder, check=False, capture_output=True, encoding="utf-8")
        if output:
            (self.folder / output).write_text(done.stdout, encoding="utf-8")
        else:
            print(_indented(done.stdout), end="")
        print(_indented(done.stderr), end="", flush=True)
        if done.returncode != status:
            raise Stopped(f"archiver ended with {done.returncode}")


def _indented(text: str) -> str:
    return "".join(f"      {line}\n" for line in text.splitlines())


def build_tables(folder: Path) -> None:
    """Load the committed SQL into SQLite copies; they are built, not kept: their bytes vary by version."""
    for name, practice in (("tilleuls.sqlite", "practice"), ("pressoir.sqlite", "successor")):
        statements = (SAMPLES / practice / "opendental.sql").read_text(encoding="utf-8")
        build_sqlite(statements, folder / name)


def main(folder: Path) -> None:
    """Run every step, and say where the results lie."""
    started = time.monotonic()
    demo = Demonstration(folder.resolve())
    practice = SAMPLES / "practice"
    demo.title(
        "Les tables d'Open Dental des deux cabinets fictifs",
        "The Open Dental tables of the two fictive practices",
    )
    build_tables(demo.folder)

    demo.title("Collecter le cabinet des Tilleuls", "Collect the practice that the collaborator leaves")
    demo.run(
        "collect",
        "opendental",
        "tilleuls.sqlite",
        "--images",
        practice / "images",
        "--into",
        "practice.db",
        status=INCOMPLETE,
    )
    demo.run(
        "collect",
        "dicom",
        practice / "imaging",
        "--into",
        "practice.db",
        "--report",
        "studies.csv",
    )
    demo.run(
        "collect",
        "documents",
        practice / "papers",
        "--into",
        "practice.db",
        "--report",
        "papers.csv",
        status=INCOMPLETE,
    )

    demo.title("Les clés : l'une signe, l'autre reçoit", "The keys: one signs, the other receives")
    demo.run(
        "keys", "new", "kerbrat", "--name", "Dr Malo Kerbrat", "--number", COLLABORATOR, "--no-passphrase"
    )
    demo.run("keys", "new", "pressoir", "--name", "Cabinet dentaire du Vieux Pressoir", "--no-passphrase")
    shutil.copy2(demo.folder / "kerbrat" / "roots.pem", demo.folder)
    shutil.copy2(demo.folder / "pressoir" / "receiver.identity", demo.folder)

    demo.title(
        "Signer la liste, chacun de son côté : celui qui part, puis la titulaire",
        "Sign the roster, each by themselves: the one who leaves, then the owner",
    )
    shutil.copy2(practice / "roster.csv", demo.folder)
    demo.run("keys", "new", "vauquelin", "--name", OWNER_NAME, "--number", OWNER, "--no-passphrase")
    demo.run(
        "roster", "sign", "roster.csv", "--signer", "kerbrat/signer.p12",
        "--practice", "Cabinet dentaire des Tilleuls", "--between", COLLABORATOR, "--between", OWNER,
        "--ground", "collaboration-exit",
    )  # fmt: skip
    demo.run("roster", "sign", "roster.csv", "--signer", "vauquelin/signer.p12")

    demo.title("Sceller les dossiers de la liste", "Seal the dossiers of the roster")
    demo.run(
        "export", "practice.db", "package.asice",
        "--practitioner", COLLABORATOR, "--roster", "roster.csv",
        "--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12",
        "--roots", "vauquelin/roots.pem", "--receiver", "Cabinet dentaire du Vieux Pressoir",
    )  # fmt: skip

    demo.title("Vérifier sans aucune clé", "Verify without any key")
    demo.run("verify", "package.asice", "--roots", "roots.pem")
    demo.run("verify", "package.asice", "--roots", "roots.pem", "--json", output="verdict.json")

    demo.title(
        "Reprendre dans un cabinet qui a déjà des patients",
        "Import into a practice that has patients already",
    )
    demo.run("collect", "opendental", "pressoir.sqlite", "--into", "successor.db")
    reading = ("--identity", "receiver.identity", "--roots", "roots.pem")
    demo.run("import", "package.asice", *reading, "--into", "successor.db", "--receipt", "receipt.json")

    demo.title("Une seconde fois : rien ne change", "A second time: nothing changes")
    demo.run("import", "package.asice", *reading, "--into", "successor.db")
    demo.run("people", "list", "successor.db")

    seconds = time.monotonic() - started
    print(f"\nFait en {seconds:.0f} s ; les résultats sont ici / done, the results are here: {demo.folder}")
    for name in (
        "practice.db", "roster.csv", "package.asice", "roots.pem", "receiver.identity",
        "verdict.json", "successor.db", "receipt.json",
    ):  # fmt: skip
        print(f"  {name:<18} {(demo.folder / name).stat().st_size:>9,} B")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/demo"))
