"""One installation: its home folder, its profile and its database, embedded or the city's own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rathaus.operate.database import create_database
from rathaus.operate.home import Home, home_from_environment
from rathaus.operate.postgres import PROGRAM, Cluster, cluster_in, running
from rathaus.operate.program import Program

DEMO = "embedded"
CITY = "production"


@dataclass(frozen=True)
class Installation:
    """The program and, where the city has no server of its own, the embedded one."""

    program: Program
    cluster: Cluster | None

    @property
    def home(self) -> Home:
        """The folder that holds everything."""
        return self.program.home

    @contextmanager
    def database_running(self) -> Iterator[Program]:
        """The program with a database that answers; an embedded server is started if need be."""
        if self.cluster is None:
            yield self.program
            return
        with running(self.cluster, self.home.logs / "postgres.log"):
            create_database(self.cluster)
            yield self.program


def installation(*, profile: str | None = None, home: Home | None = None) -> Installation:
    """The installation that the environment names; a new home gets `profile` or the demo's.

    `RATHAUS_HOME` names the folder, `DATABASE_URL` the city's server, `DATABASE_OWNER_URL` the
    door of the role that owns the tables, where that is another one.
    """
    home = home or home_from_environment(profile=profile or DEMO)
    home.prepare()
    profile = profile or home.profile() or DEMO
    address = os.environ.get("DATABASE_URL", "")
    if address and profile == CITY:
        owner = os.environ.get("DATABASE_OWNER_URL", address)
        return Installation(Program(profile, home, address, owner), None)
    cluster = cluster_in(home.postgres)
    doors = cluster.url(role=PROGRAM), cluster.url()
    return Installation(Program(profile, home, *doors), cluster)
