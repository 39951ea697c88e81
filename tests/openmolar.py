"""An OpenMolar database in a real MariaDB: its author's tables and demonstration, and invented rows of every table."""

from __future__ import annotations

import struct
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.mariadb import Server
from tests.material import material

LETTER = b"<html><body>Dear Ms Sample</body></html>"
SCAN = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 300
"""A picture of two pieces, as OpenMolar cuts it."""
PIECE = 57_344
NOT_MEASURED = 127


def perio_chart(teeth: dict[int, dict[int, int]]) -> bytes:
    """Return a periodontal chart: by place of the tooth and of the value (0–44), all else was not measured."""
    data = bytearray()
    for place in range(32):
        values = [NOT_MEASURED] * 41 + [0] * 4
        values[24:30] = [0] * 6
        values[34] = 0
        for position, value in teeth.get(place, {}).items():
            values[position] = value
        data += struct.pack("45b", *values)
    return bytes(data)


CHART = perio_chart({0: {6: 5, 0: 2, 18: 1, 34: 2}, 16: {6: 4}, 31: {11: 6, 30: 1}})
"""Upper right 8, lower left 8 and lower right 8, the last of all."""
ROWS: dict[str, list[dict[str, Any]]] = {
    "clinicians": [
        {"ix": 1, "initials": "AB", "name": "Alex Bracken", "qualifications": "BDS", "speciality": "dentist"}
    ],
    "clinician_dates": [{"clinician_ix": 1, "start_date": "2010-01-04"}],
    "diary_link": [{"clinician_ix": 1, "apptix": 7}],
    "families": [{"familyno": 3, "head": 2}],
    "new_patients": [
        {
            "serialno": 2,
            "sname": "SAMPLE",
            "fname": "ÉLODIE ANN",
            "title": "MS",
            "sex": "F",
            "dob": "1980-02-29",
            "addr1": "2 Quay",
            "town": "INVERNESS",
            "pcde": "IV1 2QQ",
            "mobile": "07700900123",
            "dnt1": 1,
            "familyno": 3,
            "memo": "Prefers mornings",
            "nhsno": "9990001234",
        },
        {
            "serialno": 3,
            "sname": "SAMPLE",
            "fname": "TOM",
            "sex": "M",
            "dob": "2016-05-01",
            "familyno": 3,
            "dnt1": 1,
        },
        {
            "serialno": 4,
            "sname": "NODATE",
            "fname": "OLD",
            "sex": "",
            "dob": "0000-00-00",
            "status": "DECEASED",
        },
    ],
    "static_chart": [
        {
            "pt_sno": 2,
            "ur6": "MOD,CO RT CR,V1 ",
            "ur5": "BR/P,V1 ",
            "ul3": "DIP,CO !check_in_June ",
            "ll6": "TM ",
            "lr8": "PE +S ",
            "lr1": "ZZ9 ",
            "ul8": "UE ",
        },
        {"pt_sno": 3, "dent0": -8, "dent1": 31, "dent2": -8, "dent3": 31, "ul4": "O,GL ", "ur6": "FS "},
    ],
    "perio": [
        {"serialno": 2, "chartdate": "2013-03-04", "bpe": "232323", "chartdata": CHART},
        {"serialno": 3, "chartdate": "2013-03-05", "chartdata": b"short"},
    ],
    "bpe": [{"serialno": 2, "bpedate": "2014-03-04", "bpe": "232-13"}],
    "currtrtmt2": [
        {
            "courseno": 11,
            "serialno": 2,
            "examt": "CE",
            "examd": "2015-01-05",
            "accd": "2015-01-05",
            "cmpd": "2015-02-05",
            "ur6cmp": "CR,V1 ",
            "xraycmp": "S ",
        },
        {
            "courseno": 12,
            "serialno": 2,
            "examt": "CE",
            "accd": "2016-01-05",
            "ul4pl": "MO,AM ",
            "ll7pl": "EX ",
            "periopl": "SP SP ",
        },
        {"courseno": 13, "serialno": 3, "accd": "2016-02-05", "ul4pl": "DR ", "ftr": 1},
    ],
    "newestimates": [
        {
            "ix": 1,
            "serialno": 2,
            "courseno": 12,
            "itemcode": "E1401",
            "description": "filling",
            "fee": 4500,
            "ptfee": 3000,
            "modified_by": "AB",
            "time_stamp": "2016-01-05 10:00:00",
        },
        {
            "ix": 2,
            "serialno": 2,
            "courseno": 12,
            "itemcode": "E2101",
            "description": "extraction",
            "fee": 5500,
            "ptfee": 5500,
            "modified_by": "AB",
            "time_stamp": "2016-01-05 10:00:00",
        },
    ],
    "est_link2": [{"ix": 1, "est_id": 1, "tx_hash": "a"}],
    "daybook": [
        {
            "id": 1,
            "date": "2015-01-05",
            "serialno": 2,
            "coursetype": "P",
            "dntid": 1,
            "trtid": 1,
            "diagn": "CE S ",
            "chart": b"UR6 CR,V1  UL3 DIP,CO  \0\0",
            "feesa": 35000,
            "feesb": 30000,
            "feesc": 0,
        },
        {
            "id": 2,
            "date": "2016-02-05",
            "serialno": 3,
            "coursetype": "N",
            "dntid": 1,
            "trtid": 9,
            "chart": b"UL4 DR ",
            "feesa": 1200,
            "feesb": 0,
            "feesc": 0,
        },
        {
            "id": 3,
            "date": "2016-02-06",
            "serialno": 3,
            "coursetype": "N",
            "dntid": 1,
            "trtid": 1,
            "other": "CUSTOM:POLISH ",
            "chart": b"MOD UL4",
            "feesa": 0,
            "feesb": 0,
            "feesc": 0,
        },
    ],
    "daybook_link": [{"ix": 1, "daybook_id": 1, "tx_hash": "a"}],
    "cashbook": [
        {
            "id": 1,
            "cbdate": "2015-01-05",
            "ref": "000002",
            "descr": "SAMPLE É",
            "code": 6,
            "dntid": 1,
            "amt": 30000,
        },
        {
            "id": 2,
            "cbdate": "2015-01-06",
            "ref": "000002",
            "descr": "SAMPLE É",
            "code": 125,
            "dntid": 1,
            "amt": -500,
        },
        {
            "id": 3,
            "cbdate": "2015-01-07",
            "ref": "000000",
            "descr": "NOBODY",
            "code": 14,
            "dntid": 1,
            "amt": 100,
        },
    ],
    "patient_money": [{"pt_sno": 2, "money1": 500}],
    "exemptions": [
        {
            "ix": 1,
            "serialno": 3,
            "exemption": "A",
            "exempttext": "under 18",
            "datestamp": "2016-02-05 09:00:00",
        }
    ],
    "plandata": [{"serialno": 2, "plantype": "DPL", "band": "B", "regno": 77, "planjoin": "2012-01-01"}],
    "medhist": [
        {
            "ix": 1,
            "pt_sno": 2,
            "allergies": "PENICILLIN",
            "heart": "MURMUR",
            "alert": 1,
            "chkdate": "2015-01-05",
        },
        {"ix": 2, "pt_sno": 3, "allergies": "NONE", "chkdate": "2016-02-05"},
    ],
    "medications": [{"medication": "Warfarin (sample)", "warning": 1}],
    "medication_link": [{"med_ix": 1, "med": "Warfarin (sample)", "details": "5 mg"}],
    "medforms": [{"pt_sno": 2, "chk_date": "2015-01-05"}],
    "aslot": [
        {
            "adate": "2016-03-29",
            "apptix": 7,
            "start": 930,
            "end": 1015,
            "name": "SAMPLE T",
            "serialno": 3,
            "code0": "EXAM",
            "note": "with mother",
            "timestamp": "2016-02-05 09:00:00",
        },
        {
            "adate": "2016-03-29",
            "apptix": 7,
            "start": 1300,
            "end": 1400,
            "name": "LUNCH",
            "serialno": 0,
            "flag0": -128,
            "timestamp": "2016-02-05 09:00:00",
        },
    ],
    "apr": [
        {"serialno": 2, "aprix": 1, "practix": 7, "code0": "FILL", "length": 40},
        {
            "serialno": 3,
            "aprix": 1,
            "practix": 7,
            "code0": "EXAM",
            "adate": "2016-03-29",
            "atime": 930,
            "length": 45,
        },
    ],
    "appt_prefs": [
        {
            "serialno": 2,
            "recall_active": 1,
            "recdent_period": 6,
            "recdent": "2016-08-05",
            "recall_method": "sms",
            "note": "Call first",
        }
    ],
    "ptmemos": [
        {
            "ix": 1,
            "serialno": 2,
            "author": "AB",
            "type": "all",
            "mdate": "2016-01-05 10:00:00",
            "message": "Owes a form",
            "open": 1,
        }
    ],
    "previous_snames": [{"ix": 1, "serialno": 2, "psn": "FORMER"}],
    "newdocsprinted": [
        {
            "ix": 1,
            "serialno": 2,
            "printdate": "2016-01-05",
            "docname": "std letter (html)",
            "docversion": 1,
            "data": LETTER,
        }
    ],
    "docsimported": [
        {
            "ix": 5,
            "serialno": 2,
            "datatype": "image/jpeg",
            "name": "photo.jpg",
            "size": len(SCAN),
            "filedate": "2016-01-04 08:00:00",
            "importime": "2016-01-05 10:00:00",
        }
    ],
    "docsimporteddata": [
        {"ix": n, "masterid": 5, "filedata": SCAN[place : place + PIECE]}
        for n, place in zip((9, 10, 11), range(0, len(SCAN), PIECE), strict=False)
    ],
    "claims": [{"courseno": 11, "serialno": 2, "sname": "SAMPLE"}],
}
"""Rows of tables that the demonstration leaves empty; the people do not exist, numbers are of test ranges."""


def fill(server: Server, database: str, *, latin: bool = False) -> str:
    """Make ``database`` of the material and ``ROWS``; ``latin``: its texts lie there in latin1. Returns its address."""
    server.database(database)
    for name in ("schema.sql", "minimal_data.sql", "demo_data.sql"):
        server.load(database, material("openmolar", name))
    if latin:
        server.run("ALTER TABLE new_patients CONVERT TO CHARACTER SET latin1", database)
    with closing(server.connect(database)) as connection, connection.cursor() as cursor:
        cursor.execute("SET FOREIGN_KEY_CHECKS = 0")
        for table, rows in ROWS.items():
            for row in rows:
                names, marks = ", ".join(f"`{one}`" for one in row), ", ".join(["%s"] * len(row))
                cursor.execute(f"INSERT INTO `{table}` ({names}) VALUES ({marks})", list(row.values()))
        connection.commit()
    return f"mysql://root@/{database}?unix_socket={server.socket}"


def asked(server: Server, database: str, statement: str) -> list[tuple[Any, ...]]:
    """Return what ``statement`` gives, without our code."""
    with closing(server.connect(database)) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


MAPPING = Path(__file__).resolve().parents[1] / "docs" / "mappings" / "openmolar.toml"
