"""Ways in which a cluster cannot be used."""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark


class ClusterAddressInvalid(Failure):
    code = "cluster-address-invalid"
    sentence = mark("{address} is no address of a cluster: dask://HOST:PORT names the scheduler.")


class ClusterCredentialsMissing(Failure):
    code = "cluster-credentials-missing"
    sentence = mark(
        "A cluster is spoken to by mutual TLS alone: name --cluster-ca, --cluster-certificate and --cluster-key."
    )


class ClusterUnusable(Failure):
    """A cluster that was not begun to be used."""

    code = "cluster-unusable"
    sentence = mark("The cluster at {address} cannot be used: {reason}. Nothing was begun.")


class ClusterVersionsDiffer(ClusterUnusable):
    code = "cluster-versions-differ"
    sentence = mark(
        "Workers of the cluster at {address} have archiver {found}, and this is {own}: install the same version."
    )


class ClusterLost(Failure):
    """A scheduler that ended, or does not answer any more, while its cluster worked."""

    code = "cluster-lost"
    sentence = mark(
        "The cluster at {address} does not answer any more. What it had answered is written; run the command again."
    )
