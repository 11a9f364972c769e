"""What is no request of HTTP: a plain page in both languages, and the house goes on."""

import re
import socket
from base64 import b64encode
from hashlib import sha256

import pytest
from tests.house import House

NONSENSE = bytes(range(128, 256)) * 79
HOST = b"Host: 127.0.0.1\r\n"
MANY_HEADERS = b"".join(b"X-Number-%d: 1\r\n" % number for number in range(200))
REQUESTS = {
    "a line that is too long": (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    "a line that never ends": (b"GET /" + b"a" * 10_000, 414),
    "too many headers": (b"GET / HTTP/1.1\r\n" + HOST + MANY_HEADERS + b"\r\n", 431),
    "a header that is too large": (
        b"GET / HTTP/1.1\r\n" + HOST + b"Cookie: " + b"c" * 9_000 + b"\r\n\r\n",
        431,
    ),
    "a thousand cookies": (
        b"GET / HTTP/1.1\r\n" + HOST + b"Cookie: a=b; " * 1_000 + b"\r\n\r\n",
        431,
    ),
    "ten thousand bytes of nonsense": (NONSENSE[:10_000], 414),
    "a line of nonsense": (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400),
    "no HTTP": (b"HELO rathaus\r\n\r\n", 400),
    "HTTP of the last century": (b"GET /\r\n\r\n", 400),
    "HTTP of the next century": (b"GET / HTTP/9.9\r\n" + HOST + b"\r\n", 400),
    "markup for a method": (b"<script>alert(1)</script> / HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "a header without a name": (b"GET / HTTP/1.1\r\n: x\r\n\r\n", 400),
    "a header on two lines": (b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n", 400),
    "two lengths": (
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        400,
    ),
    "a length that is no number": (
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n",
        400,
    ),
    "an expectation": (b"GET / HTTP/1.1\r\n" + HOST + b"Expect: a miracle\r\n\r\n", 417),
    "an unknown coding": (
        b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: klingon\r\n\r\n",
        501,
    ),
}
HALF = b"GET / HTTP/1.1\r\nHost: 127"
MORE_THAN_THREADS = 12


@pytest.mark.parametrize("name", REQUESTS)
def test_it_is_refused_with_a_page_of_the_house(house: House, name: str) -> None:
    sent, status = REQUESTS[name]

    head, page = answer_to(house.port, sent)

    assert head.startswith(f"HTTP/1.1 {status} ")
    assert_is_a_page_of_the_house(head, page, status)
    assert "alert" not in page


def test_half_a_request_is_not_waited_for_and_keeps_nobody_out(house: House) -> None:
    halves = [connect(house.port, HALF) for _ in range(MORE_THAN_THREADS)]

    assert status_for_somebody_else(house.port) == 200
    for half in halves:
        head, page = read(half)
        assert head.startswith("HTTP/1.1 408 ")
        assert_is_a_page_of_the_house(head, page, 408)


def test_the_log_says_why_and_not_who(house: House) -> None:
    log = house.home.logs / "web.log"
    already = log.stat().st_size

    answer_to(house.port, b"GET /Maria HTTP/9.9\r\n\r\n")

    [line] = log.read_text()[already:].splitlines()
    assert '"reason": "InvalidHTTPVersion"' in line
    assert '"status": 400' in line
    assert "127.0.0.1" not in line
    assert "Maria" not in line


def assert_is_a_page_of_the_house(head: str, page: str, status: int) -> None:
    assert f"Fehler {status}" in page
    assert '<html lang="de">' in page
    assert '<section lang="en">' in page
    assert page.count("<h1>") == 1
    assert not re.search(r"(?:src|srcset|url\(|@import|<link|<script)", page)
    assert f"Content-Length: {len(page.encode())}\r\n" in head
    assert "Connection: close\r\n" in head
    [style] = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert "Content-Security-Policy: default-src 'none';" in head
    assert f"style-src 'sha256-{digest}'" in head


def status_for_somebody_else(port: int) -> int:
    head, _page = answer_to(port, b"GET / HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
    return int(head.split()[1])


def answer_to(port: int, sent: bytes) -> tuple[str, str]:
    return read(connect(port, sent))


def connect(port: int, sent: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.sendall(sent)
    return connection


def read(connection: socket.socket) -> tuple[str, str]:
    """Head and page of the answer, up to the end of the connection."""
    with connection, connection.makefile("rb") as file:
        head, _, page = file.read().partition(b"\r\n\r\n")
    return head.decode() + "\r\n", page.decode()
