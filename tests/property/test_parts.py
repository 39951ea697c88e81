"""Law of the split of a package: its parts and what is left out are together the whole, each unit as it was."""

from __future__ import annotations

import secrets
import zipfile
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from archiver.assembly.keyrings import KeyringRecipients
from archiver.assembly.request import ExportRequest
from archiver.handover.opening import OpenRequest, open_handover
from archiver.operations.export import export
from archiver.operations.splitting.errors import SplitReceiverEmpty
from archiver.operations.splitting.split_package import split_package
from archiver.operations.splitting.split_request import SplitReceiver, SplitRequest
from archiver.practice import people
from archiver.practice.store import open_store
from archiver.scope.rosters.roster import RosterLine, roster_bytes
from archiver.sealing.age import HybridIdentity
from formats.model.people import Patient
from tests.large import fill
from tests.packages import SIGNED, signer, trust

KEYS = {name: HybridIdentity(seed=name.encode().ljust(32)) for name in ("whole", "Anne", "Paul", "Reste")}
NAMES = ("Anne", "Paul")
PEOPLE = 6
WHOSE = st.lists(st.sets(st.sampled_from(NAMES)), min_size=PEOPLE, max_size=PEOPLE).filter(
    lambda each: set().union(*each) == set(NAMES) and not all(each)
)
"""To whom each patient goes: to nobody, to one, to both; each has somebody, and somebody is left."""
LINKS = st.sets(
    st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1)).filter(lambda two: two[0] < two[1]),
    max_size=2,
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("parts") / "p.db"
    fill(path, [[20 * number] for number in range(PEOPLE)])
    return path


@settings(
    deadline=None,
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(whose=WHOSE, links=LINKS, whole=st.booleans())
def test_parts_and_rest_are_the_whole(
    store: Path, whose: list[set[str]], links: set[tuple[int, int]], *, whole: bool
) -> None:
    with TemporaryDirectory() as made:
        folder = Path(made)
        patients = sealed(store, folder / "whole.asice", links)
        (folder / "roster.csv").write_bytes(
            roster_bytes(
                _line(one, name) for one, names in zip(patients, whose, strict=True) for name in sorted(names)
            )
        )
        request = SplitRequest(
            opening=OpenRequest(
                package=folder / "whole.asice", identities=[KEYS["whole"]], trust=trust(signer())
            ),
            roster=folder / "roster.csv",
            receivers=[_receiver(name) for name in NAMES],
            rest=_receiver("Reste") if whole else None,
            leave_out=not whole,
            folder=folder / "parts",
            sender="Archives",
            signer=signer(),
            unsigned="essai",
        )
        try:
            outcome = split_package(request, clock=lambda: SIGNED, randomness=secrets.token_bytes)
        except SplitReceiverEmpty:
            assert whole and links, "only linked records can leave nobody for the rest"
            return
        source = units(folder / "whole.asice", "whole")
        parts = {one.receiver: units(one.path, one.receiver) for one in outcome.packages}
        taken = {unit: line for part in parts.values() for unit, line in part.items()}
        assert all(source[unit] == line for unit, line in taken.items())
        assert len(source) - len(taken) == outcome.left_out
        assert outcome.left_out == 0 or not whole
        times = Counter(unit for part in parts.values() for unit in part)
        assert sum(count > 1 for count in times.values()) == outcome.shared
        # the records of one person are in the same parts
        for one, other in links:
            assert {name for name, part in parts.items() if _has(part, patients[one])} == {
                name for name, part in parts.items() if _has(part, patients[other])
            }


def sealed(store: Path, target: Path, links: set[tuple[int, int]]) -> list[Patient]:
    """Seal the practice, in which ``links`` are one person; return its patients."""
    with open_store(store) as opened:
        patients = list(opened.patients())
        with opened.changing():
            for one, other in sorted(links):
                people.link(opened, patients[one].id, patients[other].id, rule="t", decided_by="t", at=SIGNED)
        request = ExportRequest(
            target=target,
            patients=tuple(one.id for one in patients),
            access=KeyringRecipients(recipients=[KEYS["whole"].to_recipient()]),
            signer=signer(),
            whole_practice=True,
        )
        export(opened, request, clock=lambda: SIGNED, randomness=secrets.token_bytes)
        with opened.changing():
            for one, other in sorted(links):
                people.undo_link(opened, patients[one].id, patients[other].id)
    return patients


def units(package: Path, key: str) -> dict[str, tuple[str, bytes]]:
    """Return the patients' units of ``package``: of each whose it is, and its bytes."""
    opening = OpenRequest(package=package, identities=[KEYS[key]], trust=trust(signer()))
    (volume,) = open_handover(opening).volumes
    with zipfile.ZipFile(package) as container:
        return {
            one.unit: (one.patient["id"], container.read(f"units/{one.unit}.zip"))
            for one in volume.keyring.entries
            if one.patient is not None
        }


def _has(part: dict[str, tuple[str, bytes]], patient: Patient) -> bool:
    return any(identity == patient.id for identity, _ in part.values())


def _receiver(name: str) -> SplitReceiver:
    access = KeyringRecipients(recipients=[KEYS[name].to_recipient()])
    return SplitReceiver(name=name, access=access, file=f"{name}.asice")


def _line(patient: Patient, name: str) -> RosterLine:
    return RosterLine(
        line=0,
        patient_number=patient.identifiers[0].value,
        family_name=patient.traits.birth_family_name,
        given_name=patient.traits.birth_given_names[0],
        birth_date=patient.traits.birth_date,
        practitioner_rpps=name,
    )
