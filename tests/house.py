"""The real demo with its real processes, started like a person would start it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from rathaus.operate.home import SOURCES, Home
from rathaus.operate.processes import Identity, wait_until
from rathaus.operate.supervisor import noted_processes

PATIENCE = 40


class House:
    """A small demo in a folder of its own, started like a person would start it; `more` is what it
    finds in its environment.
    """

    def __init__(self, folder: Path, **more: str) -> None:
        self.more = more
        self.home = Home(folder / "home")
        self.port = free_port()
        self.story = folder / "story.txt"
        self.process = self.open()

    def open(self) -> subprocess.Popen[bytes]:
        with self.story.open("wb") as story:
            process = subprocess.Popen(
                self.command(), env=self.environment(), stdout=story, stderr=story
            )
        assert wait_until(lambda: "offen" in self.said(), seconds=300), self.said()
        return process

    def command(self, port: int | None = None) -> list[str]:
        demo = [sys.executable, "-m", "rathaus.operate", "demo", "--small"]
        return [*demo, "--port", str(port or self.port)]

    def environment(self) -> dict[str, str]:
        others = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        own = {"PYTHONPATH": str(SOURCES.parent), "RATHAUS_HOME": str(self.home.folder)}
        return others | self.more | own

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def run(self, *words: str) -> str:
        """`./rathaus WORDS` beside the open house; what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "rathaus.operate", *words],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def said(self) -> str:
        return self.story.read_text()

    def status(self) -> int | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def heals(self, killed: dict[str, Identity], name: str) -> bool:
        def healed() -> bool:
            now = noted_processes(self.home)
            return now[name] != killed[name] and now[name].alive() and self.status() == 200

        return wait_until(healed, seconds=PATIENCE)

    def close(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])
