"""Bouncy Castle accepts our evidence records, and we accept those it makes and renews."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from archiver.evidence.build import build_records
from archiver.evidence.records import read_record, write_record
from archiver.evidence.renew import RecordObjects, renew_hash_trees, renew_time_stamps
from archiver.examination.evidence_places import find_places
from archiver.operations.build_evidence import BuildRequest, build_evidence
from archiver.operations.renew_evidence import RenewRequest, renew_evidence
from archiver.package.layout import is_evidence
from archiver.verdict import State
from formats.digests import SHA256, SHA512
from tests.evidence import reader
from tests.packages import package, unpacked, volume_set
from tests.tools import need, run
from tests.unit.evidence.life import (
    built,
    data,
    first,
    hashed,
    judged,
    rehashed,
    renewed,
    second,
    third,
    year,
)

JARS = [Path("/usr/share/java", f"{name}.jar") for name in ("bcpkix", "bcprov", "bcutil")]
SOURCE = Path(__file__).parent / "java" / "Evidence.java"
UNITS = data(5)
OBJECTS = hashed(UNITS)


@pytest.fixture(scope="module")
def classes(tmp_path_factory):
    need("java"), need("javac")
    absent = [jar.name for jar in JARS if not jar.exists()]
    if absent:
        sentence = f"this machine has no {', '.join(absent)} (Debian: libbcpkix-java)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(sentence)
    folder = tmp_path_factory.mktemp("classes")
    run(need("javac"), "-cp", ":".join(map(str, JARS)), "-d", folder, SOURCE)
    return folder


@pytest.fixture
def castle(classes, tmp_path):
    """Run one verb; give what it printed, whether it ended well, and its folder."""
    files = []
    for number, unit in enumerate(UNITS.values()):
        files.append(tmp_path / f"unit-{number}")
        files[-1].write_bytes(unit)

    class Castle:
        folder = tmp_path
        units = files

        def __call__(self, *words, well=True):
            path = ":".join(map(str, (classes, *JARS)))
            command = [need("java"), "-XX:TieredStopAtLevel=1", "-cp", path, "Evidence", *map(str, words)]
            done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
            assert (done.returncode == 0) == well, done.stdout + done.stderr
            return done.stdout + done.stderr

        def check(self, record, kind, files, *, at=2044, well=True):
            (tmp_path / "record.ers").write_bytes(write_record(record))
            moment = int(year(at).timestamp() * 1000)
            return self("check", tmp_path / "record.ers", moment, kind, *files, well=well)

        def reply(self, by, at):
            (tmp_path / "reply").write_bytes(by.reply((tmp_path / "query").read_bytes(), at))

        def made(self, name):
            return read_record((tmp_path / name).read_bytes())

    return Castle()


# -- it reads ours ------------------------------------------------------------------------


def test_a_package_over_its_whole_life(castle):
    record = built(OBJECTS, first().at(year(2026)))
    castle.check(record, "each", castle.units)
    castle.check(record, "group", castle.units)
    for by, at in ((second(), 2030), (second(), 2032), (third(), 2035)):
        record = renewed(record, by.at(year(at)))
    assert len(record.chains[0].stamps) == 4
    record = rehashed(record, OBJECTS, third().at(year(2040)))
    castle.check(record, "each", castle.units)
    castle.check(record, "group", castle.units)
    record = renewed(record, third().at(year(2042)))
    castle.check(record, "group", castle.units)


def test_packages_that_share_their_time_stamps(castle, tmp_path):
    """The record and the members as anybody unpacks them, over the whole life of two packages."""
    paths = (tmp_path / "one.asice", tmp_path / "two.asice")
    for path, count in zip(paths, (3, 5), strict=True):
        path.write_bytes(package(count=count))
    list(build_evidence(BuildRequest(packages=paths, trust=reader(at=year(2026))), first().at(year(2026))))
    for at, by, algorithm in (
        (2030, second(), None),
        (2035, third(), None),
        (2040, third(), SHA512),
        (2042, third(), None),
    ):
        order = RenewRequest(packages=paths, trust=reader(at=year(at)), algorithm=algorithm)
        list(renew_evidence(order, by.at(year(at))))
    for number, path in enumerate(paths):
        tree = unpacked(path.read_bytes(), tmp_path / str(number))
        members = [one for one in tree.rglob("*") if one.is_file()]
        members = [one for one in members if not is_evidence(one.relative_to(tree).as_posix())]
        record = read_record((tree / "META-INF" / "evidencerecord001.ers").read_bytes())
        assert [len(chain.stamps) for chain in record.chains] == [3, 2]
        castle.check(record, "group", members)
        castle.check(record, "each", members)
        castle.check(record, "group", members[1:], well=False)


def test_what_ties_a_set_shares_the_time_stamps_of_its_volumes(castle, tmp_path):
    """The record beside the set is over the file as it lies there."""
    volume_list = volume_set(tmp_path)
    places = find_places([volume_list], reader()).places
    list(build_evidence(BuildRequest(packages=places, trust=reader(at=year(2026))), first().at(year(2026))))
    for at, by, algorithm in ((2030, second(), None), (2035, third(), None), (2040, third(), SHA512)):
        order = RenewRequest(packages=places, trust=reader(at=year(at)), algorithm=algorithm)
        list(renew_evidence(order, by.at(year(at))))
    record = read_record((tmp_path / "p-set.asice.001.ers").read_bytes())
    assert [len(chain.stamps) for chain in record.chains] == [3, 1]
    castle.check(record, "each", [volume_list])
    castle.check(record, "each", [tmp_path / "p-001.asice"], well=False)


def test_four_time_stamps_in_one_chain(castle):
    record = built(OBJECTS, first().at(year(2026)))
    for at in (2027, 2028, 2029):
        record = renewed(record, first().at(year(at)))
    (castle.folder / "whole.ers").write_bytes(write_record(record))
    castle("renew-request", castle.folder, castle.folder / "whole.ers")


def test_it_sees_a_missing_and_a_changed_unit(castle):
    record = built(OBJECTS, first().at(year(2026)))
    castle.check(record, "each", castle.units[1:])
    assert "hash" in castle.check(record, "group", castle.units[1:], well=False)
    castle.units[0].write_bytes(b"something else")
    assert "not found" in castle.check(record, "each", castle.units, well=False)


def test_single_units_under_one_time_stamp(castle):
    groups = [[one[SHA256]] for one in OBJECTS.values()]
    records = list(build_records(groups, first().at(year(2026))))
    records = list(renew_time_stamps(records, second().at(year(2030))))
    objects = [
        RecordObjects(record=one, objects={"it": its})
        for one, its in zip(records, OBJECTS.values(), strict=True)
    ]
    records = list(renew_hash_trees(objects, second().at(year(2033))))
    for record, file in list(zip(records, castle.units, strict=True))[::2]:
        castle.check(record, "each", [file])
    castle.check(records[0], "each", [castle.units[4]], well=False)


# -- we read its --------------------------------------------------------------------------


def covers(record, objects):
    return judged(record, objects, year(2027)).existed_at.state is State.PROVEN


def test_what_it_makes_and_renews(castle):
    castle("request", castle.folder, SHA256.oid, *castle.units)
    castle.reply(first(), year(2026))
    castle("make", castle.folder, SHA256.oid, *castle.units)
    proven = set()
    for number in range(len(OBJECTS)):
        made = castle.made(f"{number}.ers")
        proven.update(one for one, its in OBJECTS.items() if covers(made, {one: its}))
    assert proven == set(OBJECTS)
    first_file = castle.folder / "0.ers"
    over = next(one for one, its in OBJECTS.items() if covers(castle.made("0.ers"), {one: its}))
    castle("renew-request", castle.folder, first_file)
    castle.reply(second(), year(2030))
    castle("renew", castle.folder, first_file)
    verdict = judged(castle.made("renewed.ers"), {over: OBJECTS[over]}, year(2031))
    assert (verdict.existed_at.state, len(verdict.stamps)) == (State.PROVEN, 2)
    unit = castle.units[list(OBJECTS).index(over)]
    castle("rehash-request", castle.folder, castle.folder / "renewed.ers", SHA512.oid, "each", unit)
    castle.reply(second(), year(2033))
    castle("rehash", castle.folder, castle.folder / "renewed.ers", SHA512.oid, "each", unit)
    verdict = judged(castle.made("rehashed.ers"), {over: OBJECTS[over]}, year(2034))
    assert (verdict.existed_at.state, [one.place for one in verdict.stamps]) == (
        State.PROVEN,
        ["1.1", "1.2", "2.1"],
    )


def test_it_renews_ours_and_we_renew_what_it_renewed(castle):
    ours = castle.folder / "ours.ers"
    ours.write_bytes(write_record(built(OBJECTS, first().at(year(2026)))))
    castle("renew-request", castle.folder, ours)
    castle.reply(second(), year(2030))
    castle("renew", castle.folder, ours)
    record = renewed(castle.made("renewed.ers"), second().at(year(2032)))
    assert judged(record, OBJECTS, year(2033)).existed_at.state is State.PROVEN
    castle.check(record, "group", castle.units)
    ours.write_bytes(write_record(record))
    castle("rehash-request", castle.folder, ours, SHA512.oid, "group", *castle.units)
    castle.reply(second(), year(2034))
    castle("rehash", castle.folder, ours, SHA512.oid, "group", *castle.units)
    record = castle.made("rehashed.ers")
    assert judged(record, OBJECTS, year(2035)).existed_at.state is State.PROVEN
    castle.check(record, "group", castle.units)
