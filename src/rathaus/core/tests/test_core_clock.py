"""The house's clock: it can be told another time, for a while and for one thread alone."""

from datetime import UTC, date, datetime
from threading import Thread

import pytest

from rathaus.core import clock, mail
from rathaus.core.models import OutgoingMail

NEW_YEAR = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


def test_within_the_block_it_is_that_moment():
    before = clock.now()

    with clock.as_of(NEW_YEAR):
        told = (clock.now(), clock.today())
        with clock.as_of(datetime(2026, 6, 1, 10, 0, tzinfo=clock.VIENNA)):
            inner = clock.now()

    assert told == (NEW_YEAR, date(2027, 1, 1))
    assert inner == datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
    assert before <= clock.now() < NEW_YEAR.replace(year=3000)
    assert clock.now() != NEW_YEAR


def test_the_time_is_right_again_after_a_failure():
    with pytest.raises(ZeroDivisionError), clock.as_of(NEW_YEAR):
        _ = 1 / 0

    assert clock.now() != NEW_YEAR


def test_other_threads_keep_their_time():
    elsewhere = []
    with clock.as_of(NEW_YEAR):
        thread = Thread(target=lambda: elsewhere.append(clock.now()))
        thread.start()
        thread.join()

    assert elsewhere[0] != NEW_YEAR


@pytest.mark.django_db
def test_rows_carry_the_moment_that_the_clock_shows():
    with clock.as_of(NEW_YEAR):
        sent = mail.send(to="anna@post.example", subject="Prosit", text="Neujahr!")

    assert OutgoingMail.objects.get(pk=sent.pk).created_at == NEW_YEAR
