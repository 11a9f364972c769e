"""How the web server is called, for the house itself and for whoever measures it."""

import os
import sys

THREADS = 2
_MOST_PROCESSES = 24  # with their threads well below what the embedded database lets in


def web_processes() -> int:
    """How many processes answer: twice as many as cores, because they often wait."""
    return min(2 * (os.cpu_count() or 1), _MOST_PROCESSES)


def web_server_command(door: int) -> list[str]:
    """gunicorn on the socket with the file number `door`.

    Twice as many processes as cores, with few threads each: the threads of a process take turns in
    Python and wait for one another at every answer of the database; processes do not.
    """
    command = [sys.executable, "-m", "gunicorn", "rathaus.config.wsgi:application", "--preload"]
    command += ["--bind", f"fd://{door}", "--no-control-socket"]
    command += ["--worker-class", "rathaus.config.web_worker.WebWorker"]
    command += ["--workers", str(web_processes()), "--threads", str(THREADS)]
    command += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108 - memory
    return [*command, "--timeout", "60", "--graceful-timeout", "10"]
