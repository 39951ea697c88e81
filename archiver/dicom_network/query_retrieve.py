"""Query/Retrieve SCU (PS3.4, annex C), study root: C-FIND lists, C-GET or C-MOVE fetches.

1. C-GET proposes, for each SOP class of a series, one presentation context for each transfer syntax, so that the node
   sends each instance as it has it; the instances come over the same association.
2. C-MOVE asks the node to send them to our own Storage SCP, whose title, address and port the node must know.
3. A series of which nothing is there is asked for whole, else by lists of what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

from pydicom.dataset import Dataset

from archiver.dicom_network.dimse import limits_without_instances
from archiver.dicom_network.errors import NodeRefuses, NodeUnreachable
from archiver.dicom_network.library import (
    NOT_ASSOCIATED,
    accepts_no_context,
    application_entity,
    connection_fault,
)
from archiver.dicom_network.listing import (
    MAX_NAMED,
    MAX_STUDIES,
    MAX_STUDY_INSTANCES,
    ListedInstance,
    ListedSeries,
    ListedStudy,
    StudyFilter,
    series_of,
)
from archiver.dicom_network.node_address import NodeAddress
from archiver.dicom_network.reception import Reception
from archiver.dicom_network.retrieval_contexts import FIND, GET, MOVE, Contexts, get_contexts, query_contexts
from archiver.dicom_network.storage_scp import StorageScp
from archiver.dicom_network.tls import TlsFiles, client_context
from formats.dicom.attributes import date_of, number_of, plain_value, text_of
from formats.dicom.header import remarks
from formats.errors import LimitExceeded
from formats.findings import Severity
from formats.words import mark

if TYPE_CHECKING:
    from pynetdicom.association import Association

PENDING = frozenset({0xFF00, 0xFF01})
SUCCESS = 0x0000
UNKNOWN_DESTINATION = 0xA801
"""Status of answers (PS3.4, C.4)."""
LIST_LENGTH = 100
"""Instances that one request names."""
BROKE_OFF = mark("the connection broke off")
BROKE_OFF_MOVING = mark(
    "the connection broke off, as it may with a node that does not know this program's title, address and port"
)

_STUDY_KEYS = (
    "StudyInstanceUID",
    "PatientName",
    "StudyDescription",
    "ModalitiesInStudy",
    "NumberOfStudyRelatedInstances",
)


class QueryNode:
    """A node whose studies are listed, over associations of our own.

    Raises:
        ExtraMissing: when pynetdicom is not installed; TlsFileUnusable.
    """

    def __init__(self, address: NodeAddress, *, title: str, tls: TlsFiles | None = None) -> None:
        self._address = address
        self._entity = application_entity(title)
        self._tls = (client_context(tls), address.host) if tls is not None else None
        self._handlers = limits_without_instances()
        self._reached = False

    @property
    def name(self) -> str:
        """What the node is called in messages."""
        return self._address.text

    def studies(self, wanted: StudyFilter) -> Iterator[ListedStudy]:
        """Yield the studies it has."""
        asked = _identifier("STUDY", *_STUDY_KEYS)
        asked.StudyDate, asked.PatientID = wanted.date_range, wanted.patient_id
        for one in self._find(asked, MAX_STUDIES):
            yield ListedStudy(
                uid=plain_value(one, "StudyInstanceUID"),
                patient_id=text_of(one, "PatientID"),
                patient_name=text_of(one, "PatientName"),
                studied_on=date_of(one, "StudyDate"),
                modalities=text_of(one, "ModalitiesInStudy").replace("\\", " "),
                description=text_of(one, "StudyDescription"),
                announced=number_of(one, "NumberOfStudyRelatedInstances"),
            )

    def series(self, study: str) -> Sequence[ListedSeries]:
        """Return the series of a study with their instances."""
        found = []
        for one in list(
            self._find(
                _identifier("SERIES", "SeriesInstanceUID", StudyInstanceUID=study), MAX_STUDY_INSTANCES
            )
        ):
            uid = plain_value(one, "SeriesInstanceUID")
            asked = _identifier(
                "IMAGE", "SOPInstanceUID", "SOPClassUID", StudyInstanceUID=study, SeriesInstanceUID=uid
            )
            instances = [
                ListedInstance(
                    uid=plain_value(each, "SOPInstanceUID"), sop_class=plain_value(each, "SOPClassUID")
                )
                for each in self._find(asked, MAX_STUDY_INSTANCES)
            ]
            found.append(series_of(uid, instances))
        return found

    def _find(self, asked: Dataset, limit: int) -> Iterator[Dataset]:
        """Yield what matches, over an association of its own."""
        with self._associated(query_contexts(FIND)) as association:
            answers = _quietly(association.send_c_find(asked, FIND))
            for count, (answer, found) in enumerate(answers, start=1):
                status = answer.get("Status")
                if status is None:
                    raise self._unreachable(BROKE_OFF)
                if status not in PENDING:
                    if status != SUCCESS:
                        raise NodeRefuses(node=self.name, reason=f"{status:04X}")
                    return
                if count > limit:
                    raise LimitExceeded(name=mark("the number of answers"), found=count, limit=limit)
                if found is not None:
                    yield found

    @contextmanager
    def _associated(self, contexts: Contexts) -> Iterator[Association]:
        """Associate with the node."""
        self._reach()
        options: dict[str, Any] = {"tls_args": self._tls} if self._tls else {}
        association = self._entity.associate(
            self._address.host,
            self._address.port,
            contexts=contexts.contexts,
            ae_title=self._address.title,
            ext_neg=contexts.roles,
            evt_handlers=self._handlers,
            **options,
        )
        try:
            if not association.is_established:
                raise self._refusal(association)
            yield association
        finally:
            if association.is_established:
                association.release()

    def _reach(self) -> None:
        if not self._reached:
            if reason := connection_fault(self._address):
                raise self._unreachable(reason)
            self._reached = True

    def _refusal(self, association: Association) -> NodeUnreachable | NodeRefuses:
        if accepts_no_context(association):
            return NodeRefuses(node=self.name, reason=mark("it does not offer this service"))
        return self._unreachable(NOT_ASSOCIATED)

    def _unreachable(self, reason: str) -> NodeUnreachable:
        return NodeUnreachable(node=self.name, reason=reason)


class RetrieveNode(QueryNode):
    """A node that is asked for images as well, which come into ``reception``.

    With ``destination`` it sends them to that title (C-MOVE), else over the same association (C-GET).

    Raises:
        ExtraMissing: when pynetdicom is not installed; TlsFileUnusable.
    """

    def __init__(
        self,
        address: NodeAddress,
        reception: Reception,
        *,
        title: str,
        destination: str = "",
        tls: TlsFiles | None = None,
    ) -> None:
        super().__init__(address, title=title, tls=tls)
        self._reception = reception
        self._destination = destination
        self._handlers = StorageScp(reception).handlers()

    def fetch(self, study: str, series: ListedSeries, missing: Sequence[ListedInstance]) -> None:
        """Fetch the ``missing`` instances of a series, or all of a study that lists none."""
        for contexts, part in (
            get_contexts(missing) if not self._destination else [(query_contexts(MOVE), missing)]
        ):
            with self._associated(contexts) as association:
                for asked in _requests(study, series, part):
                    self._retrieve(association, asked, study)

    def _retrieve(self, association: Association, asked: Dataset, study: str) -> None:
        """Ask for instances, and say which of them the node could not send."""
        status, failed = None, ""
        try:
            if self._destination:
                answers = association.send_c_move(asked, self._destination, MOVE)
            else:
                answers = association.send_c_get(asked, GET)
            for answer, rest in _quietly(answers):
                status = answer.get("Status")
                failed = plain_value(rest, "FailedSOPInstanceUIDList") if rest is not None else ""
        except ValueError as fault:
            raise NodeRefuses(node=self.name, reason=mark("it does not offer this service")) from fault
        except RuntimeError as fault:
            raise self._unreachable(BROKE_OFF) from fault
        if status is None:
            raise self._unreachable(BROKE_OFF_MOVING if self._destination else BROKE_OFF)
        if status == UNKNOWN_DESTINATION:
            raise self._unreachable(
                mark(
                    "it does not know where to send; this program's title, address and port have to be entered in it"
                )
            )
        uids = [one for one in failed.split("\\") if one]
        if uids:
            self._reception.note(
                Severity.ERROR,
                "dicom-suboperations-failed",
                study,
                mark("{node} could not send images of study {study}: {count} ({uids})."),
                node=self.name,
                count=len(uids),
                study=study,
                uids=", ".join(uids[:MAX_NAMED]) + (", …" if len(uids) > MAX_NAMED else ""),
            )
        elif status != SUCCESS:
            self._reception.note(
                Severity.ERROR,
                "dicom-retrieve-failed",
                study,
                mark("{node} ended sending images of study {study} with status {status}."),
                node=self.name,
                study=study,
                status=f"{status:04X}",
            )


def _quietly(answers: Iterator[tuple[Dataset, Dataset | None]]) -> Iterator[tuple[Dataset, Dataset | None]]:
    """Yield ``answers`` without what pydicom remarks about their values."""
    while True:
        with remarks():
            one = next(answers, None)
        if one is None:
            return
        yield one


def _identifier(level: str, *keys: str, **values: str) -> Dataset:
    """Return what is asked for: attributes with ``values`` to match, and ``keys`` to be returned."""
    asked = Dataset()
    with remarks():
        asked.SpecificCharacterSet = "ISO_IR 192"
        asked.QueryRetrieveLevel = level
        for key in keys:
            setattr(asked, key, None)
        for key, value in values.items():
            setattr(asked, key, value)
    return asked


def _requests(study: str, series: ListedSeries, missing: Sequence[ListedInstance]) -> Iterator[Dataset]:
    """Yield what to ask for: a study, a series, or lists of instances."""
    if not series.uid:
        yield _identifier("STUDY", StudyInstanceUID=study)
    elif len(missing) == len(series.instances):
        yield _identifier("SERIES", StudyInstanceUID=study, SeriesInstanceUID=series.uid)
    else:
        uids = iter([one.uid for one in missing])
        while part := list(islice(uids, LIST_LENGTH)):
            with remarks():
                asked = _identifier("IMAGE", StudyInstanceUID=study, SeriesInstanceUID=series.uid)
                asked.SOPInstanceUID = part
            yield asked
