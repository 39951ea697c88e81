"""What is refused before anything is opened names whom it is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver.handover.opening import OpenRequest, open_for_reading
from archiver.signing.errors import SignerUntrusted
from tests.packages import package, signer, trust

SECOND = "Dr Paul Inconnu"


@pytest.mark.parametrize("accepted", [None, SECOND], ids=["the second is not", "the first is not"])
def test_of_two_signers_the_one_who_is_not_accepted_is_named(tmp_path: Path, accepted: str | None) -> None:
    first, second = signer(), signer(SECOND)
    path = tmp_path / "package.asice"
    path.write_bytes(package(co_signer=second))
    known, unknown = (second, first) if accepted else (first, second)
    with pytest.raises(SignerUntrusted) as refused:
        open_for_reading(OpenRequest(package=path, identities=(), trust=trust(known)))
    assert refused.value.facts["fingerprint"] == unknown.fingerprint
