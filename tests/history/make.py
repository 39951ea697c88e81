"""Make a package that every later version must go on reading; run once for each version of the format.

``python -m tests.history.make FOLDER NAME…`` collects the sample practice, and lets the real program,
at fixed moments, seal dossiers of it: ``format-1.asice``, signed by two people, time-stamped, shared
once and signed so again, with evidence that was renewed; ``example-1.asice``, without pages,
which the description of the format takes apart; ``set-1-set.asice`` with its volumes, one for
each year, all of them and the set with evidence; and ``part-1.asice``, split off the ``format-1.asice``
that lies here, whose signatures and evidence travel in it. Beside each: the keys that open it, and the roots
a reader accepts.

Nobody makes them twice: signatures, tokens and encryption draw their own chance. Whoever has a
reason to replace one says so in the change, and writes its new digest into the tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from archiver.cli.exits import INCOMPLETE, SUCCESS
from archiver.package import layout
from archiver.package.build import PackageBuilder
from archiver.package.contents import contents_of
from archiver.package.manifests.manifest_reading import read_manifest
from archiver.package.member_table import Contents
from archiver.signing.certificates.reading import write_pem
from archiver.signing.keys.key_file import load_signer
from samples import demo
from tests.journeys.program import PROGRAM
from tests.tools import need
from tests.tsa import LocalAuthority, listening

BORN = "2026-11-20 08:00:00"
SEALED = "2026-11-23 09:30:00"
STAMPED = "2026-11-24 14:00:00"
RENEWED = "2027-05-03 10:00:00"
SPLIT = "2027-05-10 11:00:00"
"""When keys were made, packages sealed, evidence made and renewed, a package split; UTC."""
HERE = Path(__file__).parent
PATIENTS = {"format-1": ("16", "47"), "example-1": ("47",), "set-1": ("45", "47"), "part-1": ("47",)}
"""Numbers of the sample's patients in each package."""
PASSPHRASE = "quatre molaires et un café crème"
AGREED = (
    *("--practice", "Cabinet dentaire des Tilleuls", "--between", demo.COLLABORATOR),
    *("--between", "Dr Sabine Loriot", "--ground", "collaboration-exit"),
)
SIGNING = ("--co-signer", "loriot/signer.p12")


class Desk:
    """The program in a folder, at moments of our choice."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def at(self, moment: str, *arguments: str) -> None:
        """Run the program as if it were ``moment``."""
        done = subprocess.run(
            [need("faketime"), "-f", f"@{moment}", str(PROGRAM), *arguments],
            cwd=self.folder,
            env={**os.environ, "TZ": "UTC", "ARCHIVER_LANGUAGE": "en", "HOME": str(self.folder)},
            check=False,
        )
        assert done.returncode in {SUCCESS, INCOMPLETE}, arguments


def main(target: Path, *names: str) -> None:
    """Make the packages ``names``, and put them into ``target``."""
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        _prepare(desk)
        stamper = LocalAuthority("Horodatage Exemple", _day(2026), _day(2066))
        (desk.folder / "format-1.tsa-roots").write_text(write_pem(stamper.roots), encoding="ascii")
        roots = (desk.folder / one for one in ("kerbrat/roots.pem", "loriot/roots.pem"))
        (desk.folder / "format-1.roots").write_text("".join(one.read_text() for one in roots))
        target.mkdir(parents=True, exist_ok=True)
        for name in names:
            MAKING[name](desk, stamper)
            for one in (*desk.folder.glob(f"{name}.*"), *desk.folder.glob(f"{name}-*")):
                if ".csv" not in one.suffixes:
                    shutil.copy2(one, target)


def _prepare(desk: Desk) -> None:
    """Collect the sample practice, and make keys: two who sign, two who receive."""
    demo.build_tables(desk.folder)
    practice = demo.SAMPLES / "practice"
    desk.at(
        BORN, "collect", "opendental", "tilleuls.sqlite", "--images", str(practice / "images"),
        "--into", "practice.db",
    )  # fmt: skip
    for place, name, number in (
        ("kerbrat", "Dr Malo Kerbrat", demo.COLLABORATOR),
        ("loriot", "Dr Sabine Loriot", ""),
        ("pressoir", "Cabinet dentaire du Vieux Pressoir", ""),
    ):
        named = ("--name", name, *(("--number", number) if number else ()))
        desk.at(BORN, "keys", "new", place, *named, "--no-passphrase")
    for name in PATIENTS:
        shutil.copy2(desk.folder / "pressoir" / "receiver.identity", desk.folder / f"{name}.identity")
    shutil.copy2(desk.folder / "kerbrat" / "roots.pem", desk.folder / "example-1.roots")
    (desk.folder / "format-1.passphrase").write_text(PASSPHRASE + "\n", encoding="utf-8")
    roster = (practice / "roster.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    for name, numbers in PATIENTS.items():
        rows = [roster[0], *(line for line in roster[1:] if line.split(";")[0] in numbers)]
        (desk.folder / f"{name}.csv").write_text("".join(rows), encoding="utf-8")


def _example(desk: Desk, _: LocalAuthority) -> None:
    _export(desk, "example-1", "with-pages.asice")
    _without_pages(desk.folder / "with-pages.asice", desk.folder / "example-1.asice", desk.folder)


def _format(desk: Desk, stamper: LocalAuthority) -> None:
    with _clock(stamper, SEALED) as address:
        signing = (*SIGNING, "--tsa", address)
        _export(desk, "format-1", "first.asice", *signing, "--passphrase-file", "format-1.passphrase")
        desk.at(
            SEALED, "keys", "share", "first.asice", "format-1.asice",
            "--identity", "format-1.identity", "--roots", "format-1.roots",
            "--signer", "kerbrat/signer.p12", *signing, "--to", "loriot/receiver.recipient",
        )  # fmt: skip
    proof = ("format-1.asice", "--tsa-roots", "format-1.tsa-roots", "--tsa")
    with _clock(stamper, STAMPED) as address:
        desk.at(STAMPED, "evidence", "build", *proof, address)
    with _clock(stamper, RENEWED) as address:
        desk.at(RENEWED, "evidence", "renew", *proof, address)


def _set(desk: Desk, stamper: LocalAuthority) -> None:
    for one in ("roots", "tsa-roots"):
        shutil.copy2(desk.folder / f"format-1.{one}", desk.folder / f"set-1.{one}")
    _export(desk, "set-1", "set-1.asice", *SIGNING, "--by-retention-year")
    proof = ("set-1-set.asice", "--tsa-roots", "set-1.tsa-roots", "--tsa")
    with _clock(stamper, STAMPED) as address:
        desk.at(STAMPED, "evidence", "build", *proof, address)
    with _clock(stamper, RENEWED) as address:
        desk.at(RENEWED, "evidence", "renew", *proof, address, "--hash", "sha512")


def _part(desk: Desk, _: LocalAuthority) -> None:
    source = desk.folder / "source"
    source.mkdir()
    for one in ("asice", "identity", "roots", "tsa-roots"):
        shutil.copy2(HERE / f"format-1.{one}", source)
    roster = desk.folder / "part-1.csv"
    text = roster.read_text(encoding="utf-8").replace(demo.COLLABORATOR, "Cabinet du Vieux Pressoir")
    roster.write_text(text, encoding="utf-8")
    desk.at(
        SPLIT, "split", "source/format-1.asice", "--roster", "part-1.csv", "--leave-out", "--to", "parts",
        "--sender", "Conservatoire Exemple", "--unsigned", "An example", "--signer", "kerbrat/signer.p12",
        "--receiver", "Cabinet du Vieux Pressoir=pressoir/receiver.recipient",
        "--identity", "source/format-1.identity", "--roots", "source/format-1.roots",
        "--tsa-roots", "source/format-1.tsa-roots",
    )  # fmt: skip
    (made,) = (desk.folder / "parts").iterdir()
    shutil.copy2(made, desk.folder / "part-1.asice")
    roots = (desk.folder / "kerbrat" / "roots.pem", source / "format-1.roots")
    (desk.folder / "part-1.roots").write_text("".join(one.read_text() for one in roots))
    shutil.copy2(source / "format-1.tsa-roots", desk.folder / "part-1.tsa-roots")


def _export(desk: Desk, roster: str, package: str, *more: str) -> None:
    for who, *terms in (("kerbrat", *AGREED), ("loriot",)):
        desk.at(SEALED, "roster", "sign", f"{roster}.csv", "--signer", f"{who}/signer.p12", *terms)
    desk.at(
        SEALED, "export", "practice.db", package, "--practitioner", demo.COLLABORATOR,
        "--roster", f"{roster}.csv", "--to", "pressoir/receiver.recipient",
        "--signer", "kerbrat/signer.p12", "--roots", "loriot/roots.pem", *more,
    )  # fmt: skip


def _without_pages(source: Path, target: Path, keys: Path) -> None:
    """Write the package again without ``docs``: the page that takes it apart cannot be inside it."""
    signer = load_signer(keys / "kerbrat" / "signer.p12", None)
    contents = contents_of(source)
    manifest = read_manifest(_read(contents, layout.MANIFEST))
    with target.open("w+b") as stream:
        readme = _read(contents, layout.README)
        builder = PackageBuilder(stream, package_id=manifest.package_id, readme=readme)
        for one in manifest.units:
            sealed = BytesIO(_read(contents, one.member))
            builder.add_unit(one.id, sealed, destroy_from=one.destroy_from, hold=one.hold)
        builder.add_keyring(BytesIO(_read(contents, layout.KEYRING)))
        builder.finish(manifest.handover, signer, at=manifest.handover.created)


def _read(contents: Contents, name: str) -> bytes:
    with contents[name].open() as stream:
        return stream.read()


def _clock(stamper: LocalAuthority, moment: str):
    return listening(lambda query: (200, stamper.reply(query, datetime.fromisoformat(f"{moment}+00:00"))))


def _day(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC)


MAKING = {"example-1": _example, "format-1": _format, "set-1": _set, "part-1": _part}

if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
