"""The virus scanner, spoken to over real sockets: clean, infected, slow, silent, down."""

import io
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from rathaus.core.files import virus_scan
from rathaus.core.files.errors import DangerousFile, ScannerUnavailable

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.StreamRequestHandler):
    """As much of clamd as the house speaks with."""

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        self.wfile.write(self.answer(command) + b"\0")

    def answer(self, command: bytes) -> bytes:
        if command == b"zPING\0":
            return b"PONG"
        assert command == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        return b"stream: Eicar-Signature FOUND" if EICAR in content else b"stream: OK"


class Silent(Clamd):
    """Accepts, and never answers."""

    def handle(self) -> None:
        self.server.over.wait(10)


class Dripping(Clamd):
    """Answers so slowly, a letter at a time, that each single step is quick."""

    def handle(self) -> None:
        while not self.server.over.wait(0.05):
            self.wfile.write(b".")


class Full(Clamd):
    """Refuses large streams."""

    def answer(self, command: bytes) -> bytes:
        super().answer(command)
        return b"INSTREAM size limit exceeded. ERROR"


class HangingUp(Clamd):
    """Ends the conversation without a word."""

    def handle(self) -> None:
        self.rfile.read(1)


@contextmanager
def serving(handler, path=None) -> Iterator[str]:
    kind = socketserver.ThreadingUnixStreamServer if path else socketserver.ThreadingTCPServer
    server = kind(path or ("127.0.0.1", 0), handler)
    server.over = threading.Event()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield path or f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def test_without_a_scanner_everything_passes(settings):
    settings.CLAMD_ADDRESS = ""
    virus_scan.check_clean(io.BytesIO(EICAR))


def test_clean_and_infected_files_over_tcp(settings):
    with serving(Clamd) as settings.CLAMD_ADDRESS:
        clean = io.BytesIO(b"x" * 200_000)
        virus_scan.check_clean(clean)
        assert clean.tell() == 0
        with pytest.raises(DangerousFile) as refusal:
            virus_scan.check_clean(io.BytesIO(b"x" * 200_000 + EICAR))
    assert str(refusal.value.message) == (
        "In der Datei wurde Schadsoftware gefunden. Sie wurde nicht gespeichert."
    )


def test_clean_and_infected_files_over_a_unix_socket(settings, tmp_path):
    with serving(Clamd, path=str(tmp_path / "clamd")) as settings.CLAMD_ADDRESS:
        virus_scan.check_clean(io.BytesIO(b"clean"))
        with pytest.raises(DangerousFile):
            virus_scan.check_clean(io.BytesIO(EICAR))


@pytest.mark.parametrize("handler", [Silent, Dripping, Full, HangingUp])
def test_a_scanner_that_does_not_help_lets_nothing_pass(settings, monkeypatch, handler):
    monkeypatch.setattr(virus_scan, "SECONDS_ALLOWED", 0.3)
    with serving(handler) as settings.CLAMD_ADDRESS, pytest.raises(ScannerUnavailable) as refusal:
        virus_scan.check_clean(io.BytesIO(b"x" * 100))
    assert refusal.value.status == 503
    assert str(refusal.value.message) == (
        "Dateien können gerade nicht geprüft werden. "
        "Bitte versuchen Sie es in einigen Minuten noch einmal."
    )


def test_a_scanner_that_is_down_lets_nothing_pass(settings, tmp_path):
    with serving(Clamd) as address:
        pass
    for settings.CLAMD_ADDRESS in (address, str(tmp_path / "nobody")):
        with pytest.raises(ScannerUnavailable):
            virus_scan.check_clean(io.BytesIO(b"x"))


def test_a_ping_tells_whether_it_answers(tmp_path):
    with serving(Clamd) as address:
        assert virus_scan.scanner_answers(address)
    assert not virus_scan.scanner_answers(address)
    with serving(Silent) as address:
        assert not virus_scan.scanner_answers(address, seconds=0.2)
