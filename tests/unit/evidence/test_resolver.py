"""A resolver that never answers holds up nobody beyond the deadline: a name server of this machine is silent.

The name server listens where the C library looks for one, port 53 of the address in ``/etc/resolv.conf``; so
everything runs in network and mount namespaces of its own, and nothing of this machine is changed.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.tools import need

ROOT = Path(__file__).resolve().parents[3]
ALLOWED, LATE = 1.0, 4.0
"""Seconds the client is given, and after which it is late: the C library waits for ten."""

ASKING = """
import fcntl, socket, struct, sys, time

up = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
fcntl.ioctl(up, 0x8914, struct.pack("16sh14x", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: IFF_UP, IFF_RUNNING
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 53))
server.settimeout(5)

from archiver.evidence.errors import NoTimestampAuthority
from archiver.evidence.tsa import Authorities, Authority
from formats.digests import Digest

desk = Authorities(
    listed=(Authority(url="http://tsa.exemple.fr/tsa"),), random=bytes, pause=time.sleep, timeout=float(sys.argv[1])
)
started = time.monotonic()
try:
    desk.stamp(Digest.of(b"the root"))
except NoTimestampAuthority as failure:
    print(failure)
print(time.monotonic() - started)
print(server.recv(512).count(b"exemple"), "asked", flush=True)
print(time.monotonic(), flush=True)
"""
PREPARING = (
    'mount --bind "$1" /etc/resolv.conf && mount --bind "$2" /etc/nsswitch.conf && exec "$3" "$4" "$5"'
)


def test_a_resolver_that_never_answers_is_left_at_the_deadline(tmp_path: Path) -> None:
    unshare = need("unshare")
    if subprocess.run([unshare, "-rmn", "mount", "-t", "tmpfs", "x", "/mnt"], check=False).returncode != 0:
        pytest.skip("this machine lets nobody make namespaces of their own")
    (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.1\n", encoding="ascii")
    (tmp_path / "nsswitch.conf").write_text("hosts: dns\n", encoding="ascii")
    (tmp_path / "asking.py").write_text(ASKING, encoding="ascii")
    files = [tmp_path / "resolv.conf", tmp_path / "nsswitch.conf"]
    command = [unshare, "-rmn", "sh", "-c", PREPARING, "sh", *files, sys.executable, tmp_path / "asking.py"]
    done = subprocess.run(
        [*command, str(ALLOWED)], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    ended = time.monotonic()
    assert done.returncode == 0, done.stderr
    output, taken, asked, last = done.stdout.splitlines()
    assert asked == "1 asked", "the name server was not asked"
    assert "did not answer in time" in output
    assert float(taken) < LATE
    # nor does the resolver, still waiting, keep the program from ending
    assert ended - float(last) < LATE
