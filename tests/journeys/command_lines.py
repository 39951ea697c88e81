"""One command line that would succeed for every command, and every path that a command takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from archiver.cli.program import program

STORE, PACKAGE = "practice.db", "package.asice"
OPEN = ("--identity", "receiver.identity", "--roots", "roots.pem")
SIGN = ("--signer", "kerbrat/signer.p12", "--to", "pressoir/receiver.recipient")
AGREED = ("--practice", "Cabinet des Tilleuls", "--between", "Malo Kerbrat")
PATIENTS = "patients.age"
LISTING = ("proof", "absent", PACKAGE, "--expert", "pressoir/receiver.recipient", "--to", PATIENTS, *OPEN)
"""Makes the list of patients that one who has the key of the package may read as well."""
STAMP = ("--tsa", "http://127.0.0.1:9/")
WHY = ("--reason", "Expertise", "--by", "Anne Exemple")
LINES: Mapping[str, tuple[str, ...]] = {
    "export": (STORE, "new.asice", "--all", *SIGN),
    "verify": (PACKAGE, "--roots", "roots.pem"),
    "inspect": (PACKAGE, *OPEN),
    "import": (PACKAGE, "--into", "new.db", *OPEN),
    "import list": (STORE,),
    "import undo": (STORE, "--by", "Anne Exemple"),
    "patients": (STORE,),
    "deliver": (PACKAGE, "--patient", "1", "--to", "new-dossier", *OPEN),
    "show": (PACKAGE, "1", *OPEN),
    "find": (PACKAGE, "lemoine", *OPEN),
    "read": (PACKAGE, "--no-browser", "--idle", "1", *OPEN),
    "collect opendental": ("pressoir.sqlite", "--into", "new.db"),
    "collect mapped": ("molaire", "--mapping", "molaire-3.toml", "--into", "new.db"),
    "collect dicom": ("folder", "--into", STORE),
    "collect dicom-receive": ("--into", STORE, "--images", "folder", "--port", "0", "--idle", "1"),
    "collect dicom-node": ("PACS@127.0.0.1:9", "--into", STORE, "--images", "new-images"),
    "collect dicomweb": ("http://127.0.0.1:9/dicom-web", "--into", STORE, "--images", "new-images"),
    "vault probe": (
        *("s3:http://127.0.0.1:9/bucket", "--credentials", "credentials.ini"),
        *("--administrator", "credentials.ini"),
    ),
    "studies": ("PACS@127.0.0.1:9",),
    "collect bridges": ("folder", "--into", STORE),
    "collect documents": ("folder", "--into", STORE),
    "collect any": ("pressoir.sqlite", "--into", "new.db"),
    "sources": (),
    "collect cda": ("folder", "--into", "new.db"),
    "collect xdm": ("medium", "--into", "new.db"),
    "collect archive": ("unpacked", "--into", "new.db"),
    "collect pdlgc": ("pdlgc", "--into", "new.db"),
    "collect fhir": ("export.json", "--into", "new.db"),
    "judge pdlgc": ("PA20261128T101500.ZIP",),
    "judge xdm": ("medium",),
    "judge cda": ("clinical.xml",),
    "judge dicom": ("folder",),
    "evidence build": (PACKAGE, *STAMP),
    "evidence renew": (PACKAGE, *STAMP),
    "evidence show": (PACKAGE,),
    "keys new": ("new-keys", "--name", "Dr Anne Exemple", "--no-passphrase"),
    "keys show-unit": (PACKAGE, "--patient", "1", *OPEN),
    "keys recovery": ("receiver.identity", "--out", "new.pdf"),
    "keys drill": (PACKAGE, "--cards-file", "cards.txt", "--roots", "roots.pem"),
    "keys restore": ("new-keys", "--cards-file", "cards.txt", "--no-passphrase"),
    "keys share": (PACKAGE, "new.asice", *SIGN, *OPEN),
    "split": (
        *(
            PACKAGE,
            "--roster",
            "roster.csv",
            "--receiver",
            "99900000029=pressoir/receiver.recipient",
            "--leave-out",
            "--unsigned",
            "essai",
        ),
        *("--to", "new-parts", "--sender", "Archives", *OPEN, "--signer", "kerbrat/signer.p12"),
    ),
    "proof patient": (PACKAGE, "1", "--to", "new.json", *OPEN),
    "proof absent": (*(PACKAGE, "--expert", "pressoir/receiver.recipient", "--to", "new.age", *OPEN),),
    "proof verify": (PATIENTS, PACKAGE, *OPEN),
    "package tools": (PACKAGE, "--to", "new-tools"),
    "mapping check": ("molaire-3.toml", "--source", "molaire"),
    "mapping propose": ("molaire", "--software", "Molaire", "--to", "new.toml"),
    "mapping preview": ("molaire", "--mapping", "molaire-3.toml"),
    "roster check": (STORE, "roster.csv"),
    "roster propose": (STORE, "--rule", "attending", "--to", "new-proposal"),
    "paperwork transfer": (PACKAGE, "--to", "new-papers", "--roots", "roots.pem"),
    "paperwork departure": (
        *(STORE, "--practitioner", "Kerbrat", "--situation", "cessation", "--to", "new-letters"),
    ),
    "paperwork templates": ("new-templates",),
    "roster sign": ("roster.csv", "--signer", "kerbrat/signer.p12", *AGREED),
    "roster verify": ("signed/roster.csv", "--roots", "roots.pem"),
    "people list": (STORE,),
    "people show": (STORE,),
    "people same": (STORE, "apdss-04pv1", "--by", "Anne Exemple"),
    "people different": (STORE, "apdss-04pv1", "--by", "Anne Exemple"),
    "people answer": (STORE, "--file", "answers.csv", "--by", "Anne Exemple"),
    "people undo": (STORE, "apdss-04pv1", "--by", "Anne Exemple"),
    "people duplicates": (STORE,),
    "people separate": (STORE, "1", "--by", "Anne Exemple"),
    "retention list": (STORE,),
    "retention consolidation": (STORE, "1", "--on", "2024-03-01", *WHY),
    "retention keep": (STORE, "1", "--until", "2060-12-31", *WHY),
    "retention decisions": (STORE,),
    "retention withdraw": (STORE, "1", *WHY),
    "hold set": (STORE, "1", *WHY),
    "hold lift": (STORE, "1", *WHY),
    "hold list": (STORE,),
    "dossier check": (STORE,),
    "dossier gone": (STORE,),
    "dossier review": (STORE, "1"),
    "receipt sign": ("receipt.json", "--signer", "kerbrat/signer.p12"),
    "receipt check": ("receipt.json", "--package", PACKAGE, *OPEN),
    "handover status": (STORE,),
    "handover record": (STORE, "receipt.json", "--package", PACKAGE, *OPEN),
    "handover proof": (STORE, "--claims", "claims.csv", "--how", "by-hand", "--by", "Anne Exemple"),
    "paperwork receipt": ("receipt.json", "--to", "new-receipt"),
    "request open": (STORE, "1", "--name", "Anne Exemple", "--by", "Anne Exemple"),
    "request identity": (STORE, "1", "--how", "shown", "--by", "Anne Exemple"),
    "request list": (STORE,),
    "request show": (STORE, "1"),
    "request fulfil": (STORE, "1", "--to", "new-folder", "--by", "Anne Exemple"),
    "request proof": (STORE, "1", "--how", "by-hand", "--to", "Anne Exemple", "--by", "Anne Exemple"),
    "request close": (STORE, "1", "--as", "refusal", *WHY),
    "request reopen": (STORE, "1", *WHY),
    "register processing": (STORE, "--to", "new-register"),
    "register notice": (STORE, "--to", "new-notice"),
    "breach open": (STORE, "--what", "Laptop stolen", "--nature", "confidentiality", "--by", "Anne Exemple"),
    "breach update": (STORE, "1", "--persons", "60", "--by", "Anne Exemple"),
    "breach notify": (STORE, "1", "--by", "Anne Exemple"),
    "breach inform": (STORE, "1", "--how", "letter", "--by", "Anne Exemple"),
    "breach close": (STORE, "1", *WHY),
    "breach reopen": (STORE, "1", *WHY),
    "breach list": (STORE,),
    "breach sheet": (STORE, "1", "--to", "new-sheet"),
    "host add": (STORE, "--name", "Val de Loire Archives", "--service", "archives", "--by", "Anne Exemple"),
    "host renew": (STORE, "1", "--certificate", "HDS-2", "--until", "2029-12-01", "--by", "Anne Exemple"),
    "host end": (STORE, "1", *WHY),
    "host list": (STORE,),
    "vault init": (
        *("new-vault", "--name", "Archives", "--storage", "new-storage"),
        *("--uncertified", "Données fictives"),
    ),
    "vault host": ("vault", "storage-1", "--uncertified", "Données fictives"),
    "vault storage add": ("vault", "new-storage", "--uncertified", "Données fictives"),
    "vault storage list": ("vault",),
    "vault storage retire": ("vault", "storage-1", *WHY),
    "vault storage clear": (
        *("vault", "storage-1", *WHY[2:], "--to", "new-folder", "--signer", "kerbrat/signer.p12"),
    ),
    "backup storage add": ("backup", "new-storage"),
    "backup storage list": ("backup",),
    "backup storage retire": ("backup", "storage-1", *WHY),
    "backup storage clear": ("backup", "storage-1", *WHY[2:], "--to", "new-folder"),
    "vault deposit": (
        *("vault", PACKAGE, "--signer", "kerbrat/signer.p12", "--receipts", "new-receipts"),
        *("--roots", "roots.pem"),
    ),
    "vault list": ("vault",),
    "vault show": ("vault", "package-1"),
    "vault fetch": ("vault", "package-1", "--to", "new-folder"),
    "vault export": ("vault", "--sender", "Cabinet", "--to", "new-folder"),
    "vault audit": ("vault",),
    "vault rebuild": ("vault",),
    "vault parity make": ("vault",),
    "vault parity show": ("vault",),
    "vault parity set": ("vault", "10"),
    "vault repair": ("vault",),
    "backup init": ("new-backup", "--source", STORE, "--to", "backup-disk", "--name", "Cabinet"),
    "backup run": ("backup",),
    "backup watch": ("backup", "--runs", "1"),
    "backup status": ("backup",),
    "backup drill": ("backup", "--identity", "backup/person/receiver.identity"),
    "backup restore": ("backup", "--identity", "backup/person/receiver.identity", "--into", "new.db"),
    "backup schedule": ("backup", "--to", "new-schedule"),
    "vault renew": ("vault",),
    "vault profile show": ("vault",),
    "vault profile set": ("vault", "--tsa", "http://127.0.0.1:9/tsa"),
    "vault journal seal": ("vault",),
    "vault journal verify": ("vault",),
    "vault journal show": ("vault",),
    "vault journal proof": ("vault", "--to", "new-proof"),
    "vault journal export": ("vault", "--to", "new.xml"),
    "vault journal add-cosignature": ("vault", "checkpoint", "--witness", "KEY"),
    "vault witness": ("vault", "folder", "--to", "new-checkpoint"),
    "vault due": ("vault",),
    "vault hold": ("vault", "package-1", *WHY, "--signer", "kerbrat/signer.p12"),
    "vault lift": ("vault", "package-1", *WHY, "--signer", "kerbrat/signer.p12"),
    "vault restitute": (
        *("vault", "--all", "--to", "new-folder", "--by", "Anne Exemple", "--receiver", "Archives"),
        *("--signer", "kerbrat/signer.p12"),
    ),
    "vault approver": ("vault", "--name", "Anne Exemple", "--signer", "kerbrat/signer.p12"),
    "vault destroy request": ("vault", "--due", "--by", "Anne Exemple", "--signer", "kerbrat/signer.p12"),
    "vault destroy approve": (
        *("vault", "destruction-1", "--by", "Anne Exemple", "--signer", "kerbrat/signer.p12"),
    ),
    "vault destroy withdraw": (*("vault", "destruction-1", *WHY, "--signer", "kerbrat/signer.p12"),),
    "vault destroy carry-out": (
        *("vault", "destruction-1", "--to", "new-folder", "--signer", "kerbrat/signer.p12"),
    ),
    "vault destroy list": ("vault",),
}
SIGNED_IN_VAULT = (
    *("vault hold", "vault lift", "vault restitute", "vault approver", "vault destroy request"),
    *("vault destroy approve", "vault destroy withdraw", "vault destroy carry-out"),
)
"""Commands of a vault that sign a statement."""
VAULT = ("vault", "init", "vault", "--name", "Archives", "--uncertified", "Données fictives")
"""Makes the vault that the lines above name."""
BACKUP = ("backup", "init", "backup", "--source", STORE, "--to", "backup-disk", "--name", "Cabinet")
"""Makes the backup that the lines above name, in the folder ``backup-disk``, which has to be there."""
MAIL = ("--mail-to", "a@example.fr", "--mail-from", "a@example.fr", "--mail-server", "smtp://127.0.0.1:9")
TEXTS_THAT_ARE_PATHS = frozenset(
    {("export", "--signer"), ("export", "--co-signer"), ("export", "--to")}
    | {("keys share", "--signer"), ("keys share", "--co-signer"), ("keys share", "--to")}
    | {("split", "--signer"), ("split", "--co-signer"), ("proof absent", "--expert"), ("import", "--only")}
    | {("roster sign", "--signer"), ("roster sign", "--co-signer"), ("deliver", "--signer")}
    | {("receipt sign", "--signer"), ("receipt sign", "--co-signer"), ("vault deposit", "--signer")}
    | {(name, "--signer") for name in SIGNED_IN_VAULT}
    | {("verify", "--report-signer"), ("collect opendental", "source"), ("collect any", "source")}
)
"""Parameters that take other things besides paths."""
DEVICE = "pkcs11:token=none"
NEEDS: Mapping[str, tuple[str, ...]] = {
    "--mail-password-file": MAIL,
    "--mail-roots": MAIL,
    "--co-signer-passphrase-file": ("--co-signer", "kerbrat/signer.p12"),
    ("verify", "--pkcs11-module"): ("--report", "new.pdf", "--report-signer", DEVICE),
    ("verify", "--chain"): ("--report", "new.pdf", "--report-signer", "kerbrat/signer.p12"),
    "--report-signer": ("--report", "new.pdf"),
    ("import", "--page"): ("--preview",),
    ("import", "--list"): ("--preview",),
    ("export", "--roster"): ("--practitioner", "1"),
    ("roster propose", "--roster"): ("--rule", "explicit"),
    ("paperwork transfer", "--identity-passphrase-file"): ("--identity", "receiver.identity"),
    ("verify", "--signer-passphrase-file"): ("--report", "new.pdf", "--report-signer", "kerbrat/signer.p12"),
    ("collect dicomweb", "--password-file"): ("--user", "reader"),
    ("studies", "--password-file"): ("http://127.0.0.1:9/dicom-web", "--user", "reader"),
    ("studies", "--token-file"): ("http://127.0.0.1:9/dicom-web",),
    ("collect dicom-receive", "--tls-roots"): ("--tls-certificate", "roots.pem"),
    "--tls-key": ("--tls-certificate", "roots.pem"),
    ("deliver", "--token-file"): ("--server", "https://127.0.0.1:9/fhir"),
    ("deliver", "--password-file"): ("--dicomweb", "http://127.0.0.1:9/dicom-web", "--user", "reader"),
    **{
        ("deliver", option): ("--as", "pdlgc", "--signer", "kerbrat/signer.p12")
        for option in ("--signer-passphrase-file", "--pkcs11-module", "--chain", "--pdf-cache")
    },
    ("deliver", "--signer"): ("--as", "pdlgc"),
    ("judge pdlgc", "--crl"): ("--roots", "roots.pem"),
    ("collect opendental", "--password-file"): ("mysql://reader@127.0.0.1:9/opendental",),
}
"""What must stand beside an option."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PathParameter:
    """A parameter of ``command`` that takes a path: the name of an option, or the place of an argument."""

    command: str
    option: str = ""
    place: int = 0

    def __str__(self) -> str:
        return f"{self.command} {self.option or self.place}"

    def line(self, value: str) -> list[str]:
        """Return the command line with ``value`` in place of this parameter's own."""
        words = list(LINES[self.command])
        needed = NEEDS.get((self.command, self.option), NEEDS.get(self.option, ()))
        if needed and not needed[0].startswith("--"):
            words[:1] = needed
        else:
            words += needed
        if self.option == "--pkcs11-module":  # only a key on a device has a use for it
            words = [DEVICE if word == "kerbrat/signer.p12" else word for word in words]
            words += ["--signer-passphrase-file", "pin.txt"]
        if (self.command, self.option) == ("export", "--roster"):
            words.remove("--all")
        if (self.command, self.option) == ("deliver", "--roster"):  # only a store has a use for it
            words = [STORE, "--to", "new-dossier", "--by", "Anne Exemple", "--receiver", "Anne Exemple"]
        if (self.command, self.option) == (
            "deliver",
            "--transfer-terms",
        ):  # a sealed package has no chosen patient
            words = [PACKAGE, "--as", "seda", "--to", "new-transfer", *OPEN[2:]]
        if self.option == "--new-passphrase-file" and "--no-passphrase" in words:
            words.remove("--no-passphrase")
        if not self.option:
            words[self.place] = value
        elif self.option in words:
            words[words.index(self.option) + 1] = value
        else:
            words += [self.option, value]
        return [*self.command.split(), *words]


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command of the program with its name."""
    waiting: list[tuple[str, Any]] = [("", program())]
    while waiting:
        name, command = waiting.pop()
        if hasattr(command, "commands"):
            waiting += [(f"{name} {one}".strip(), below) for one, below in command.commands.items()]
        else:
            yield name, command


def path_parameters() -> list[PathParameter]:
    """Return every parameter of every command that takes a path."""
    found = []
    for name, command in sorted(commands(), key=lambda one: one[0]):
        arguments = [one for one in command.params if one.param_type_name == "argument"]
        for one in command.params:
            takes_path = "Path" in str(one.type_descriptor.annotation)
            if takes_path or (name, one.opts[0]) in TEXTS_THAT_ARE_PATHS:
                if one in arguments:
                    found.append(PathParameter(command=name, place=arguments.index(one)))
                else:
                    found.append(PathParameter(command=name, option=one.opts[0]))
    return found
