"""A node that ends connections instead of answering is there, and what is said of it does not deny that."""

from __future__ import annotations

import pytest

from archiver.dicom_network.errors import NodeUnreachable
from archiver.dicom_network.library import NOT_ASSOCIATED, connection_fault
from archiver.dicom_network.listing import StudyFilter
from archiver.dicom_network.node_address import NodeAddress, parse_node_address
from archiver.dicom_network.query_retrieve import QueryNode
from tests.orthanc import free_port
from tests.resetting_node import resetting_node


def test_a_query_to_a_node_that_resets_the_connection() -> None:
    with resetting_node() as text, pytest.raises(NodeUnreachable) as refusal:
        address = parse_node_address(text)
        assert address is not None
        list(QueryNode(address, title="CAMERA").studies(StudyFilter()))
    assert refusal.value.facts["reason"] == NOT_ASSOCIATED


def test_where_nobody_listens_the_system_says_why() -> None:
    reason = connection_fault(NodeAddress(title="PACS", host="127.0.0.1", port=free_port()))
    assert reason == "it cannot be reached"
