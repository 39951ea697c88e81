"""Bridge files written for a test as public bridges write them; the people are invented."""

from __future__ import annotations

import struct
from pathlib import Path

from tests.unit.dicom.images import image

JPEG = b"\xff\xd8\xff\xe0 a picture that only begins like one"


def filedata(folder: Path, *, family: str, given: str, born: str, encoding: str = "cp1252") -> Path:
    """Write the file of Trophy into the folder of a patient."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "FILEDATA.txt"
    path.write_bytes(f"NOM={family}\r\nPRENOM={given}\r\nDATE={born}\r\n".encode(encoding))
    return path


def patient_ini(
    folder: Path, *, number: str, family: str, given: str, born: str = "", encoding: str = "cp1252"
) -> Path:
    """Write the mailbox of CS Imaging."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["[PATIENT]", f"ID={number}", f"FIRSTNAME={given}", f"LASTNAME={family}"]
    lines += [f"DOB={born}"] if born else []
    path = folder / "Patient.ini"
    path.write_bytes("\r\n".join([*lines, "GENDER=F"]).encode(encoding))
    return path


def message(*fields: str) -> bytes:
    """Return a message of Sidexis: its length, its fields, each ended by a zero byte, and the end of the line."""
    body = b"".join(field.encode("cp850") + b"\0" for field in fields) + b"\r\n"
    return struct.pack("<H", len(body) + 2) + body


def called_up(number: str, family: str, given: str, born: str) -> bytes:
    """Return the three messages that a call of a patient appends: changed, new, to show."""
    rest = ("F", "DR", "OpenDental", "Sidexis")
    return (
        message("U", family, given, born, "", family, given, born, number, *rest)
        + message("N", family, given, born, number, *rest)
        + message(
            "A", family, given, born, number, "POSTE1", "14.03.2024", "10.15.30", "OpenDental", "Sidexis", "0"
        )
    )


def siomin(folder: Path, data: bytes) -> Path:
    """Write the mailbox of Sidexis."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "siomin.sdx"
    path.write_bytes(data)
    return path


def linkage(folder: Path, *, number: str, family: str, given: str, born: str) -> Path:
    """Write the mailbox of EzDent-i."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "linkage.xml"
    path.write_text(
        f'<LinkageParameter><Patient LastName="{family}" FirstName="{given}" ChartNumber="{number}">'
        f"<Birthday>{born}</Birthday><Address>1 rue des Essais</Address><Gender>Female</Gender>"
        "</Patient></LinkageParameter>",
        encoding="utf-8",
    )
    return path


def picture(path: Path, content: bytes = JPEG) -> Path:
    """Write a picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def software_folder(root: Path) -> Path:
    """Lay folders of several imaging programs: one sure patient in each way, and those nobody can be sure of."""
    one = root / "dataRVG" / "E.rvg" / "E0000001"
    filedata(one, family="ÉVRARD", given="Zoé", born="19551123")
    picture(one / "00000001.jpg")
    image(one / "IMG1.dcm", PatientID="", PatientName="", PatientBirthDate="")
    patient_ini(root / "CS" / "P000045", number="45", family="Évrard", given="Zoé", born="19551123")
    picture(root / "CS" / "P000045" / "pano.jpg", JPEG + b"2")
    siomin(root / "PDATA", called_up("45", "Évrard", "Zoé", "23.11.1955"))
    picture(root / "PDATA" / "x.tif", b"II*\0 a scan")
    linkage(root / "EzDent", number="45", family="Évrard", given="Zoé", born="23/11/1955")
    picture(root / "EzDent" / "y.jpg", JPEG + b"3")
    return root
