from __future__ import annotations

import time
from pathlib import Path

import pytest
from asn1crypto import pkcs12

from archiver.errors import KeyUnreadable
from archiver.signing.keys.key_file import load_signer, write_signer
from archiver.signing.keys.key_rounds import MAX_ROUNDS, require_few_rounds
from formats.errors import LimitExceeded
from tests.packages import signer
from tests.tools import need, run

SECRET = "quatre mots suffisent ici"


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("key")
    write_signer(folder, signer(), SECRET)
    return (folder / "signer.p12").read_bytes()


def asking(data: bytes, place: str, rounds: int) -> bytes:
    """Return the PKCS#12 file ``data`` that asks for ``rounds`` of its MAC, or of the key of its first box."""
    file = pkcs12.Pfx.load(data).copy()
    if place == "mac":
        file["mac_data"]["iterations"] = rounds
        return bytes(file.dump())
    safe = pkcs12.AuthenticatedSafe.load(file["auth_safe"]["content"].native)
    for content in safe:
        if content["content_type"].native != "encrypted_data":
            continue
        info = content["content"]["encrypted_content_info"]
        info["content_encryption_algorithm"]["parameters"]["key_derivation_func"]["parameters"][
            "iteration_count"
        ] = rounds
    file["auth_safe"]["content"] = safe.dump(force=True)
    return bytes(file.dump(force=True))


@pytest.mark.parametrize("place", ["mac", "box"])
@pytest.mark.parametrize("rounds", [MAX_ROUNDS + 1, (1 << 31) - 1])
def test_a_file_that_asks_for_hours_is_refused_at_once(
    key_file: bytes, tmp_path: Path, place: str, rounds: int
) -> None:
    path = tmp_path / "signer.p12"
    path.write_bytes(asking(key_file, place, rounds))
    start = time.process_time()
    with pytest.raises(LimitExceeded) as caught:
        load_signer(path, SECRET)
    assert caught.value.facts["found"] == rounds
    assert time.process_time() - start < 1


def test_files_of_other_programs_ask_for_little(tmp_path: Path) -> None:
    openssl = need("openssl")
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
    run(
        openssl, "req", "-x509", *curve, "-nodes", "-keyout", "k", "-out", "c", "-subj", "/CN=X", cwd=tmp_path
    )
    for name, options in {
        "new": [],
        "old": ["-legacy"],
        "open": ["-keypbe", "NONE", "-certpbe", "NONE"],
    }.items():
        made = ("-in", "c", "-inkey", "k", "-out", name, "-passout", f"pass:{SECRET}")
        run(openssl, "pkcs12", "-export", *options, *made, cwd=tmp_path)
        assert load_signer(tmp_path / name, SECRET).certificate


def test_what_is_no_such_file_is_refused() -> None:
    with pytest.raises(KeyUnreadable):
        require_few_rounds(b"\x30\x03\x02\x01\x03", "signer.p12")
