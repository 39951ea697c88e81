"""Trust lists of states, made up: the XML of ETSI TS 119 612 as far as anybody here reads it."""

from __future__ import annotations

import base64
from datetime import datetime
from pathlib import Path

GRANTED = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted"


def service(kind: str, certificate: bytes, *statuses: tuple[str, datetime]) -> str:
    """Return one service, with its statuses, today's first."""

    def period(status: str, start: datetime) -> str:
        return (
            f"<ServiceTypeIdentifier>http://uri.etsi.org/TrstSvc/Svctype/{kind}</ServiceTypeIdentifier>"
            "<ServiceName><Name xml:lang='fr'>Service</Name></ServiceName>"
            "<ServiceDigitalIdentity><DigitalId><X509Certificate>\n"
            f"{base64.encodebytes(certificate).decode()}</X509Certificate></DigitalId></ServiceDigitalIdentity>"
            f"<ServiceStatus>{status}</ServiceStatus>"
            f"<StatusStartingTime>{start:%Y-%m-%dT%H:%M:%SZ}</StatusStartingTime>"
        )

    now, *before = statuses
    history = "".join(f"<ServiceHistoryInstance>{period(*one)}</ServiceHistoryInstance>" for one in before)
    return (
        f"<TSPService><ServiceInformation>{period(*now)}</ServiceInformation>"
        f"<ServiceHistory>{history}</ServiceHistory></TSPService>"
    )


def written(folder: Path, *services: str, scheme: str = "<SchemeTerritory>FR</SchemeTerritory>") -> Path:
    """Write a list of ``services`` into ``folder``; return where."""
    path = folder / "tl-fr.xml"
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#">'
        f"<SchemeInformation>{scheme}<TSLSequenceNumber>42</TSLSequenceNumber>"
        "<ListIssueDateTime>2026-02-01T00:00:00Z</ListIssueDateTime></SchemeInformation>"
        "<TrustServiceProviderList><TrustServiceProvider><TSPServices>"
        f"{''.join(services)}</TSPServices></TrustServiceProvider></TrustServiceProviderList>"
        "</TrustServiceStatusList>",
        encoding="utf-8",
    )
    return path
