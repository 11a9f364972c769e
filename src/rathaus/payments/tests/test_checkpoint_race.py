"""Balances kept up to the greatest number seen lose money: shown in plain tables with two
connections, and absent in the ledger with the same interleaving.

That is how a well-known library lost it (adamcharnock/django-hordak, pull request 142).
"""

from collections.abc import Iterator
from contextlib import ExitStack
from threading import Thread
from typing import Any

import psycopg
import pytest
from django.db import connection

from rathaus.core.actor import SYSTEM
from rathaus.payments.actions.booking import account_for
from rathaus.payments.actions.closing import keep_checkpoint
from rathaus.payments.models import CheckpointBalance, Use
from rathaus.payments.queries.ledger import balances, replayed_balances

pytestmark = pytest.mark.django_db(transaction=True)

PLAIN = """
    CREATE TABLE plain_leg (id bigserial PRIMARY KEY, cents bigint NOT NULL);
    CREATE TABLE plain_total (upto bigint NOT NULL, cents bigint NOT NULL);
"""
PLAIN_POST = "INSERT INTO plain_leg (cents) VALUES (%s)"
PLAIN_KEEP = "INSERT INTO plain_total SELECT max(id), sum(cents) FROM plain_leg"
PLAIN_BALANCE = """
    SELECT total.cents + coalesce((SELECT sum(cents) FROM plain_leg WHERE id > total.upto), 0)
    FROM plain_total AS total
"""
POST = """
    SELECT payments_post(%s, 'receipt', current_date, '', '', 'EUR', ARRAY[%s, %s]::bigint[],
                         ARRAY[%s, -%s]::bigint[])
"""
WAITS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"

Writer = psycopg.Connection[Any]


@pytest.fixture
def writers() -> Iterator[tuple[Writer, Writer]]:
    """Two connections of their own, each in a transaction that it ends when it is told."""
    parameters = connection.get_connection_params()
    with ExitStack() as open_connections:
        made = [psycopg.connect(**_plain(parameters)) for _ in range(2)]
        for one in made:
            open_connections.callback(one.close)
        yield made[0], made[1]


def _plain(parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        name: parameters[name]
        for name in ("dbname", "user", "password", "host", "port")
        if parameters.get(name)
    }


def test_plain_tables_lose_what_commits_late(writers: tuple[Writer, Writer]) -> None:
    slow, quick = writers
    with connection.cursor() as cursor:
        cursor.execute(PLAIN)
        try:
            slow.execute(PLAIN_POST, [100])  # number 1, not committed
            quick.execute(PLAIN_POST, [5])  # number 2
            quick.commit()
            cursor.execute(PLAIN_KEEP)  # up to number 2, and number 1 is not in it
            slow.commit()

            cursor.execute(PLAIN_BALANCE)
            kept = cursor.fetchone()[0]
            cursor.execute("SELECT sum(cents) FROM plain_leg")
            assert (int(kept), int(cursor.fetchone()[0])) == (5, 105)
        finally:
            slow.rollback()
            cursor.execute("DROP TABLE plain_leg, plain_total")


def test_the_ledger_loses_nothing_with_the_same_interleaving(
    writers: tuple[Writer, Writer],
) -> None:
    slow, quick = writers
    bank, income = account_for(Use.BANK), account_for(Use.INCOME)
    kept: list[int] = []

    def keep() -> None:
        kept.append(keep_checkpoint(by=SYSTEM))
        connection.close()

    slow.execute(POST, ["slow", bank, income, 100, 100])
    quick.execute(POST, ["quick", bank, income, 5, 5])
    quick.commit()
    keeper = Thread(target=keep)
    keeper.start()
    _wait_until_somebody_waits()
    assert (kept, CheckpointBalance.objects.count()) == ([], 0)
    slow.commit()
    keeper.join(10)

    assert len(kept) == 1
    assert balances() == {bank: 105, income: -105} == replayed_balances()
    in_checkpoint = CheckpointBalance.objects.values_list("account", "cents")
    assert dict(in_checkpoint) == {bank: 105, income: -105}


def _wait_until_somebody_waits() -> None:
    with connection.cursor() as cursor:
        for _ in range(100):
            cursor.execute(WAITS)
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.05)")
    raise AssertionError("the checkpoint did not wait for the booking under way")
