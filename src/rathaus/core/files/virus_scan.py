"""Asks a clamd server, where one is configured, whether a file is clean.

It speaks the INSTREAM command of clamd over TCP (`host:port`) or a Unix socket (`/path`).
"""

import socket
import struct
import time
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from rathaus.core.files.errors import DangerousFile, ScannerUnavailable

SECONDS_ALLOWED = 20.0
_CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096


def check_clean(content: BinaryIO) -> None:
    """Raise `DangerousFile` if clamd finds something, `ScannerUnavailable` if it is of no help.

    Does nothing where no scanner is configured. Leaves the stream at its beginning.
    """
    if not settings.CLAMD_ADDRESS:
        return
    answer = _ask(settings.CLAMD_ADDRESS, content)
    if answer.endswith("FOUND"):
        raise DangerousFile(
            _("In der Datei wurde Schadsoftware gefunden. Sie wurde nicht gespeichert.")
        )
    if answer != "stream: OK":
        raise ScannerUnavailable


def scanner_answers(address: str, seconds: float = 3.0) -> bool:
    """Whether clamd answers PONG."""
    try:
        with _connected(address, seconds) as connection:
            connection.sendall(b"zPING\0")
            return _read_answer(connection, time.monotonic() + seconds) == "PONG"
    except OSError:
        return False


def _ask(address: str, content: BinaryIO) -> str:
    deadline = time.monotonic() + SECONDS_ALLOWED
    try:
        with _connected(address, SECONDS_ALLOWED) as connection:
            connection.sendall(b"zINSTREAM\0")
            while chunk := content.read(_CHUNK):
                _await_until(connection, deadline)
                connection.sendall(struct.pack("!I", len(chunk)) + chunk)
            connection.sendall(struct.pack("!I", 0))
            return _read_answer(connection, deadline)
    except OSError as error:
        raise ScannerUnavailable from error
    finally:
        content.seek(0)


def _connected(address: str, seconds: float) -> socket.socket:
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(seconds)
        try:
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)


def _read_answer(connection: socket.socket, deadline: float) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
        _await_until(connection, deadline)
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _await_until(connection: socket.socket, deadline: float) -> None:
    """Let the whole conversation end at the deadline, not each step. Raises `TimeoutError`."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection.settimeout(left)
