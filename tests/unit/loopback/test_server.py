"""Who is answered and who is refused: foreign names and pages, guesses, other browsers, long and slow requests."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import ThreadingHTTPServer

import pytest

from archiver.loopback import request_head
from archiver.loopback.server import (
    KEY_HEADER,
    MAX_CONNECTIONS,
    TOKEN_HEADER,
    LoopbackServer,
    answer_until_idle,
)
from tests.unit.loopback.asking import ALARMS, Answered, ask, enter, listening, received, send


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with listening() as server:
        yield server


def test_it_listens_on_this_machine_alone(server: LoopbackServer) -> None:
    assert server.socket.getsockname() == ("127.0.0.1", server.server_port)


def test_the_page_is_sent_to_be_kept_by_nobody_and_framed_by_nobody(server: LoopbackServer) -> None:
    page = ask(server, "/", {"Sec-Fetch-Site": "none"})
    assert page.status == 200
    assert b"data-served" in page.body
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "connect-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "Server" not in page.headers and "Set-Cookie" not in page.headers
    head = ask(server, "/", method="HEAD")
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(len(page.body)))


def test_the_first_browser_is_let_in_and_no_other(server: LoopbackServer) -> None:
    ours = enter(server)
    assert ask(server, "/patients?words=d%C3%A9ja", ours).document == {"words": "déja"}
    again = ask(server, "/session", {TOKEN_HEADER: server.access.token})
    assert (again.status, again.document) == (403, {"code": "session-taken"})
    assert ask(server, "/patients").status == 403
    assert ask(server, "/patients", ours).status == 200


def test_the_cookie_is_for_no_script_and_no_other_site(server: LoopbackServer) -> None:
    let_in = ask(server, "/session", {TOKEN_HEADER: server.access.token})
    assert let_in.headers["Set-Cookie"].endswith("; Path=/; HttpOnly; SameSite=Strict")
    assert server.access.token not in let_in.headers["Set-Cookie"] + let_in.body.decode()


def test_neither_the_cookie_nor_the_key_is_enough(server: LoopbackServer) -> None:
    """A browser sends the cookie to every port of this machine."""
    ours = enter(server)
    other = f"theme=dark; bad cookie; {ours['Cookie']}; x=1"
    for wrong in ({KEY_HEADER: None}, {"Cookie": None}, {KEY_HEADER: "0" * 64}, {KEY_HEADER: "é"}):
        assert ask(server, "/patients", {**ours, **wrong}).status == 403
    assert ask(server, "/patients", {**ours, "Cookie": other}).status == 200


def test_nothing_is_let_in_before_the_token_came(server: LoopbackServer) -> None:
    session = server.access._session
    known = {"Cookie": f"{server.cookie_name}={session.cookie}", KEY_HEADER: session.key}
    assert ask(server, "/patients", known).status == 403


@pytest.mark.parametrize("guess", ["", "0" * 64, "é", "x" * 5000])
def test_a_guessed_token_is_refused_and_uses_nothing_up(server: LoopbackServer, guess: str) -> None:
    refused = ask(server, "/session", {TOKEN_HEADER: guess})
    assert (refused.status, refused.document) == (403, {"code": "token-wrong"})
    assert ask(server, "/session", {TOKEN_HEADER: server.access.token}, method="HEAD").status == 403
    assert ask(server, f"/session?token={server.access.token}").status == 403
    enter(server)


FOREIGN: dict[str, tuple[dict[str, str | None], int]] = {
    "a name that leads here (DNS rebinding)": ({"Host": "evil.example"}, 421),
    "the same name with another port": ({"Host": "127.0.0.1:1"}, 421),
    "localhost": ({"Host": "localhost"}, 421),
    "no name": ({"Host": None}, 421),
    "a foreign page": ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, 403),
    "a foreign origin alone": ({"Origin": "https://evil.example", "Sec-Fetch-Site": None}, 403),
    "a page of a file": ({"Origin": "null", "Sec-Fetch-Site": None}, 403),
    "another port of this machine": ({"Sec-Fetch-Site": "same-site"}, 403),
    "a link on a foreign page": ({"Sec-Fetch-Site": "cross-site"}, 403),
    "a typed address of data": ({"Sec-Fetch-Site": "none"}, 403),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_who_is_foreign_is_refused_whatever_they_know(server: LoopbackServer, what: str) -> None:
    headers, status = FOREIGN[what]
    ours = enter(server)
    assert ask(server, "/patients", {**ours, **headers}).status == status
    if what != "a typed address of data":
        assert ask(server, "/", headers).status == status
        token = {TOKEN_HEADER: server.access.token}
        assert ask(server, "/session", {**token, **headers}).status == status


def test_two_names_are_refused(server: LoopbackServer) -> None:
    lines = f"GET / HTTP/1.1\r\nHost: {server.address}\r\nHost: evil.example\r\n\r\n"
    assert send(server, lines.encode()).status == 421


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE", "PATCH", "BREW"])
def test_nothing_but_get_and_head_is_answered(server: LoopbackServer, method: str) -> None:
    refused = ask(server, "/patients", enter(server), method=method)
    assert (refused.status, refused.headers["Allow"]) == (405, "GET, HEAD")
    assert not [name for name in refused.headers if name.startswith("Access-Control")]


TARGETS = {
    "/../../../../etc/passwd": 404,
    "/%2e%2e/%2e%2e/etc/passwd": 404,
    "/patients/../patients": 404,
    "/..\\..\\windows\\win.ini": 404,
    "/practice.db": 404,
    "/patients/": 404,
    "//evil.example/patients": 404,
    "http://evil.example/patients": 400,
    "patients": 400,
    "*": 400,
    "/patients?words=%ff%fe": 400,
    "/patients?" + "a=1&" * 40: 400,
    "/patients?words=" + "x" * 2100: 414,
}


@pytest.mark.parametrize("target", TARGETS, ids=lambda one: one[:24])
def test_no_path_leads_anywhere_else(server: LoopbackServer, target: str) -> None:
    assert ask(server, target, enter(server)).status == TARGETS[target]


HEADS = {
    "too many headers": (b"".join(b"X-%d: 1\r\n" % one for one in range(150)), 431),
    "headers that are too long": (b"X: " + b"x" * 20_000 + b"\r\n", 431),
    "a body": (b"Content-Length: 5\r\n", 400),
    "a body in chunks": (b"Transfer-Encoding: chunked\r\n", 400),
}


@pytest.mark.parametrize("what", HEADS)
def test_a_long_request_is_refused(server: LoopbackServer, what: str) -> None:
    lines, status = HEADS[what]
    head = f"GET / HTTP/1.1\r\nHost: {server.address}\r\n".encode()
    assert send(server, head + lines + b"\r\n").status == status


@pytest.mark.parametrize(
    "data", [b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9\r\n\r\n", b"\x16\x03\x01\x02\r\n\r\n"]
)
def test_what_is_no_request_is_refused(server: LoopbackServer, data: bytes) -> None:
    assert send(server, data).status in {0, 400, 505}


def test_a_second_request_behind_the_first_is_refused(server: LoopbackServer) -> None:
    one = f"GET / HTTP/1.1\r\nHost: {server.address}\r\n\r\n".encode()
    assert send(server, one + one.rstrip()).status == 400


def test_who_is_slow_is_refused_and_keeps_nobody_out(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every byte comes in time, and the head does not."""
    monkeypatch.setattr(request_head, "HEAD_SECONDS", 0.6)
    start = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=20) as slow:
        for byte in b"GET / HT":
            slow.sendall(bytes([byte]))
            # not one byte after the answer, however slow this machine is: it would be answered by a reset
            if select.select([slow], [], [], 0.05)[0]:
                break
        assert ask(server, "/").status == 200
        assert received(slow).status == 408
    assert 0.5 < time.monotonic() - start < 5


def test_there_are_only_so_many_connections(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_head, "HEAD_SECONDS", 60.0)
    with ExitStack() as all_of_them:
        for _ in range(MAX_CONNECTIONS):
            one = socket.create_connection(("127.0.0.1", server.server_port), timeout=20)
            all_of_them.enter_context(one)
        time.sleep(0.2)
        assert ask(server, "/").status == 0
    time.sleep(0.2)
    assert ask(server, "/").status == 200


def test_a_failure_is_told_with_its_code(server: LoopbackServer) -> None:
    ours = enter(server)
    refused = ask(server, "/patients?words=nobody", ours)
    assert (refused.status, refused.document["code"]) == (422, "patient-unknown")
    assert "nobody" in refused.document["text"]


def test_what_breaks_off_has_no_end_and_is_told_afterwards(server: LoopbackServer) -> None:
    ours = enter(server)
    assert ask(server, "/patients?words=broken", ours) == Answered(
        status=200, headers=ask(server, "/patients", ours).headers, body=b""
    )
    ask(server, "/patients?words=broken", ours)
    assert ask(server, "/failure", ours).document["code"] == "patient-unknown"
    assert ask(server, "/failure").status == 403


def test_an_error_of_ours_is_one_sentence_and_the_others_go_on(server: LoopbackServer) -> None:
    ours = enter(server)
    ALARMS.clear()
    refused = ask(server, "/patients?words=mistaken", ours)
    assert (refused.status, refused.document["code"]) == (500, "route-failed")
    assert "KeyError, asking.py:" in refused.document["text"]
    assert "Perrichon" not in refused.document["text"]
    later = ask(server, "/patients?words=mistaken%20later", ours)
    assert (later.status, later.body) == (200, b"")
    assert ask(server, "/patients?words=fine", ours).document == {"words": "fine"}
    assert ask(server, "/failure", ours).document["code"] == "route-failed"
    assert [one.facts["kind"] for one in ALARMS] == ["KeyError", "OSError"]
    assert not any("Perrichon" in str(one) for one in ALARMS)


def test_half_a_surrogate_pair_in_a_failure_is_answered(server: LoopbackServer) -> None:
    ours = enter(server)
    assert ask(server, "/patients?words=half", ours).document["code"] == "patient-unknown"
    assert ask(server, "/patients?words=fine", ours).status == 200


def test_what_broke_off_is_told_though_something_else_was_asked_meanwhile(server: LoopbackServer) -> None:
    ours = enter(server)
    ask(server, "/patients?words=broken", ours)
    ask(server, "/patients?words=fine", ours)
    assert ask(server, "/failure", ours).document["code"] == "patient-unknown"
    assert ask(server, "/failure", ours).document["code"] == ""


def test_a_request_without_a_thread_takes_no_place(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(ThreadingHTTPServer, "process_request", _no_thread)
        for _ in range(MAX_CONNECTIONS):
            assert ask(server, "/").status == 0
    assert ask(server, "/").status == 200


def _no_thread(*_: object) -> None:
    raise RuntimeError("can't start new thread")


def test_it_ends_when_nobody_asks() -> None:
    with listening() as server:
        enter(server)
        server.asked -= 700
        start = time.monotonic()
        answer_until_idle(server, idle_seconds=600)
        assert time.monotonic() - start < 1
        ask(server, "/", {"Sec-Fetch-Site": "none"})
        assert server.idle_seconds > 600, "whoever only looks at the page keeps nothing open"
