"""What revocation lists and OCSP responses that came with a signature say of its chain.

Rules (RFC 5280, 6.3; RFC 6960, 3.2; ETSI EN 319 102-1, 5.2.5):

1. A source counts only when a certificate of the chain signed it, or one that
   certificate authorised for OCSP; deltas, indirect lists and lists for some
   reasons only do not count.
2. A certificate revoked before the moment asked for is revoked; one revoked
   later was good then, and what was published later may say so.
3. A source tells nothing about a moment after its next update: it is stale.
4. A source issued after a certificate's end tells nothing good about it, unless it says that it keeps
   such ones (``archiver.signing.revocation.archive_cutoff``).
5. Where its author says that a certificate is *unknown*, nobody can tell, whatever others say but
   that it was revoked.

Nothing is fetched. A source inside that nobody in the chain vouches for is *unusable*,
never passed over: somebody put it there to be heeded. What the reader gives besides is heeded
by the same rules, and left aside where it tells nothing (``archiver.signing.revocation.supplied``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.x509 import ocsp

from archiver.signing.certificates.loading import load_certificate, load_list
from archiver.signing.revocation.ocsp_response import of_response
from archiver.signing.revocation.revocation_list import of_list
from archiver.signing.revocation.sources import Sources
from archiver.signing.revocation.statement import Statement
from archiver.signing.revocation.supplied import SourceUse, SuppliedSources
from archiver.signing.validity import RevocationJudgement, RevocationStatus

_Reader = Callable[[bytes, Sequence[x509.Certificate]], Statement | None]


def judge_revocation(
    sources: Sources,
    certification_path: Sequence[bytes],
    moment: datetime,
    *,
    supplied: SuppliedSources,
    others: Sequence[Sequence[bytes]] = (),
    known_by: datetime | None = None,
) -> RevocationJudgement:
    """Return what ``sources`` say of the chain ``certification_path`` (DER, signer first) at ``moment``.

    A source that claims to speak of one of the ``others`` instead (the chain of
    a time-stamp beside the signature) is judged with that one. With ``known_by``
    a revocation until then counts, however late. ``supplied`` are the reader's own sources.
    """
    known_by = max(moment, known_by or moment)
    chain = _load_all(certification_path)
    beside = [_load_all(other) for other in others]
    statements = []
    for source, reader in _with_readers(sources):
        here = _concerns(source, chain)
        if not here and any(_concerns(source, other) for other in beside):
            continue
        found = reader(source, chain)
        if found is None:
            return RevocationJudgement(status=RevocationStatus.UNUSABLE)
        statements.append(found)
    statements += _heeded(supplied, chain, moment, known_by)
    return _judged(statements, moment, known_by)


def sources_by_path(sources: Sources, chains: Sequence[Sequence[bytes]]) -> list[Sources]:
    """Return for each of ``chains`` (DER) the sources that belong with it.

    What concerns none of them, a time-stamping authority's list for instance, goes with each.
    """
    loaded = list(map(_load_all, chains))
    shares = []
    for chain in loaded:
        selected = {
            source
            for source, _ in _with_readers(sources)
            if _concerns(source, chain) or not any(_concerns(source, other) for other in loaded)
        }
        lists = tuple(one for one in sources.lists if one in selected)
        shares.append(
            Sources(lists=lists, responses=tuple(one for one in sources.responses if one in selected))
        )
    return shares


def _heeded(
    supplied: SuppliedSources, chain: Sequence[x509.Certificate], moment: datetime, known_by: datetime
) -> Iterator[Statement]:
    """Yield what the reader's own sources state of ``chain``, and write down what became of each."""
    for source, reader in _with_readers(supplied.sources):
        found = reader(source, chain) if _concerns(source, chain) else None
        if found is not None and found.speaks_of:
            revoked = any(date <= known_by for date in found.revoked.values())
            heed = SourceUse.HEEDED if revoked or found.unknown or moment <= found.end else SourceUse.STALE
        elif found is not None and found.late:
            heed = SourceUse.LATE
        else:
            heed = SourceUse.UNVOUCHED if _concerns(source, chain) else SourceUse.FOREIGN
        supplied.note(source, heed)
        if found is not None and heed is SourceUse.HEEDED:
            yield found


def _load_all(chain: Sequence[bytes]) -> list[x509.Certificate]:
    return [load_certificate(one) for one in chain]


def _with_readers(sources: Sources) -> Iterator[tuple[bytes, _Reader]]:
    for one in sources.lists:
        yield one, of_list
    for one in sources.responses:
        yield one, of_response


def _concerns(source: bytes, chain: Sequence[x509.Certificate]) -> bool:
    """Say whether ``source`` claims to speak of a certificate of ``chain``, truly or not."""
    try:
        issuer = load_list(source).issuer
        return any(one.issuer == issuer for one in chain)
    except ValueError:
        pass
    try:
        number = ocsp.load_der_ocsp_response(source).serial_number
        return any(one.serial_number == number for one in chain)
    except ValueError:
        return False


def _judged(statements: Sequence[Statement], moment: datetime, known_by: datetime) -> RevocationJudgement:
    dates = [date for one in statements for date in one.revoked.values() if date <= known_by]
    if dates:
        return RevocationJudgement(status=RevocationStatus.REVOKED, moment=min(dates))
    if any(one.unknown for one in statements):
        return RevocationJudgement(status=RevocationStatus.UNKNOWN)
    ends: dict[int, datetime] = {}
    for one in statements:
        for place in one.speaks_of:
            ends[place] = max(one.end, ends.get(place, one.end))
    stale = [end for end in ends.values() if end < moment]
    if stale:
        return RevocationJudgement(status=RevocationStatus.STALE, moment=min(stale))
    return RevocationJudgement(status=RevocationStatus.GOOD if 0 in ends else RevocationStatus.NOTHING)
