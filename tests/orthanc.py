"""A real DICOM node for tests: Orthanc with its DICOMweb plugin, in a temporary folder, on free ports."""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.tools import need

PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
TITLE = "PACS"
OUR_TITLE = "ARCHIVER"
USER, PASSWORD = "reader", "orthanc-test"
START_SECONDS = 60


def free_port() -> int:
    """Return a port nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass(kw_only=True)
class Orthanc:
    """A node: ``address`` for associations, ``web`` for DICOMweb; it sends to us at ``our_port``."""

    folder: Path
    dicom_port: int = field(default_factory=free_port)
    http_port: int = field(default_factory=free_port)
    our_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """The node as the program takes it."""
        return f"{TITLE}@127.0.0.1:{self.dicom_port}"

    @property
    def web(self) -> str:
        """The base of its DICOMweb services."""
        return f"http://127.0.0.1:{self.http_port}/dicom-web"

    def start(self) -> None:
        """Start it, with what it stored before."""
        configuration = self.folder / "orthanc.json"
        configuration.write_text(json.dumps(self._settings()), encoding="utf-8")
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [need("Orthanc"), str(configuration)],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "LC_ALL": "C.UTF-8"},
            )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                self.ask("GET", "/system")
            except OSError:
                time.sleep(0.1)
            else:
                return
        pytest.fail((self.folder / "log").read_text(encoding="utf-8", errors="replace"))

    def kill(self) -> None:
        """End it as a power cut does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _settings(self) -> dict[str, Any]:
        return {
            "Name": "PACS",
            "StorageDirectory": str(self.folder / "storage"),
            "IndexDirectory": str(self.folder / "index"),
            "DicomAet": TITLE,
            "DicomPort": self.dicom_port,
            "HttpPort": self.http_port,
            "RemoteAccessAllowed": False,
            "AuthenticationEnabled": True,
            "RegisteredUsers": {USER: PASSWORD},
            "Plugins": [str(PLUGIN)],
            "DicomCheckCalledAet": True,
            "DicomAlwaysAllowStore": True,
            "DicomAlwaysAllowFind": True,
            "DicomAlwaysAllowGet": True,
            "DicomModalities": {"us": [OUR_TITLE, "127.0.0.1", self.our_port]},
            "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
            "Locale": "C.UTF-8",
        }

    def ask(self, method: str, place: str, body: bytes | None = None) -> Any:
        """Return the answer of its own interface."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.http_port}{place}", data=body, method=method
        )
        token = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            request, timeout=120
        ) as answer:
            data = answer.read()
        return json.loads(data) if answer.headers["Content-Type"].startswith("application/json") else data

    def add(self, *paths: Path) -> None:
        """Store files in it."""
        for path in paths:
            self.ask("POST", "/instances", path.read_bytes())

    def empty(self) -> None:
        """Take everything out of it."""
        for patient in self.ask("GET", "/patients"):
            self.ask("DELETE", f"/patients/{patient}")

    def send_to_us(self) -> Any:
        """Let it send every study to us (C-STORE)."""
        studies = self.ask("GET", "/studies")
        return self.ask("POST", "/modalities/us/store", json.dumps({"Resources": studies}).encode())


@contextmanager
def running_orthanc() -> Iterator[Orthanc]:
    """Run a node that has nothing yet."""
    need("Orthanc")
    if not PLUGIN.exists():
        need("orthanc-dicomweb")
    folder = Path(tempfile.mkdtemp(prefix="orthanc"))
    node = Orthanc(folder=folder)
    try:
        node.start()
        yield node
    finally:
        node.kill()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def orthanc_server() -> Iterator[Orthanc]:
    """A running node, one for the whole session."""
    with running_orthanc() as node:
        yield node


@pytest.fixture
def orthanc(orthanc_server: Orthanc) -> Orthanc:
    """A running node that has nothing."""
    orthanc_server.empty()
    return orthanc_server
