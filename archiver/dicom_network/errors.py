"""What keeps images from coming in over the network."""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark


class NodeAddressInvalid(Failure):
    """A node or a server that cannot be addressed like this."""

    code = "node-address"
    sentence = mark("{address} is not the address of a node or server of images: {reason}.")


class NodeUnreachable(Failure):
    """What came before lies in the folder of the images, and is not fetched again."""

    code = "node-unreachable"
    sentence = mark(
        "{node} gives nothing: {reason}. What came is kept; run the same command again, it goes on from there."
    )


class NodeRefuses(Failure):
    """The node is there, and does not do what it is asked."""

    code = "node-refuses"
    sentence = mark("{node} does not answer this question: {reason}.")


class PortUnavailable(Failure):
    """Nobody can be listened to there: another program is, or the address is not of this machine."""

    code = "port-unavailable"
    sentence = mark("No images can be received at {address}, port {port}: {reason}.")


class TlsFileUnusable(Failure):
    """A certificate or key for TLS that nobody can load."""

    code = "tls-file-unusable"
    sentence = mark("{file} cannot be used for TLS: {reason}.")
