from archiver.sealing.keyring_lines import KeyringEntry, reading_key
from formats.digests import Digest


def entry(unit: str, number: str | None) -> KeyringEntry:
    return KeyringEntry(
        unit=unit * 26,
        member="PAT00001.ZIP" if number else "TRANSV.ZIP",
        passphrase="A" * 43,
        plain_digest=Digest.from_hex("0" * 64),
        plain_size=1,
        patient={"number": number} if number else None,
        counts={},
        salt="B" * 43 if number else None,
    )


def test_people_read_dossiers_by_number_wherever_the_units_lie() -> None:
    lying = [entry("a", "10"), entry("b", None), entry("c", "9"), entry("d", "10"), entry("e", "100")]
    read = [((one.patient or {}).get("number"), one.unit[0]) for one in sorted(lying, key=reading_key)]
    assert read == [("9", "c"), ("10", "a"), ("10", "d"), ("100", "e"), (None, "b")]
