"""Inbox: a page of 50 out of 100,000 open cases, "Meine Anliegen", and the nightly deadline sweep.

Requests go through Django's test client with all middleware: session, permission, read log, page.
The clerk may read every department, so nothing but the filters makes the inbox smaller. The sweep
finds all cases with a level that has to rise, and a hundred clerks to be told.
"""

import argparse
import html
import logging
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "src")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rathaus.config.settings.embedded")

import django  # noqa: E402  # the path comes first

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from tests.factories import make_city, make_clerk, make_department, sign_in  # noqa: E402

from rathaus.accounts.models import Person  # noqa: E402
from rathaus.cases.actions import install_procedures, sweep_deadlines  # noqa: E402
from rathaus.cases.models import Case  # noqa: E402
from rathaus.core.actor import SYSTEM  # noqa: E402
from rathaus.operate.measuring import percentile, report  # noqa: E402

CASES, QUICK_CASES = 100_000, 10_000
ROUNDS, QUICK_ROUNDS = 25, 5
CASES_PER_CITIZEN = 5
DEPARTMENTS, PROCEDURES, CLERKS = 8, 24, 100
PAGES_DEEP = 20
NEXT_PAGE = re.compile(r'href="(\?[^"]*after=[^"]*)"')
RIGHTS = ("cases.read", "cases.handle")

# Every number is computed from the row's own, so that each run measures the same cases.
PEOPLE = """
    INSERT INTO accounts_person (password, id, kind, email, given_name, family_name, address,
                                 phone, is_active, created_at)
    SELECT '!', md5('person' || n)::uuid, 'citizen', 'bench' || n || '@example.org',
           (ARRAY['Anna','Mehmet','Sophie','Johann','Çağla','Łukasz','Marie','Josef'])[1 + n %% 8],
           (ARRAY['Huber','Yıldız','Wagner','Steininger','Gruber','Novak','Leitner','Öztürk',
                  'Baumgartner','Hofer','Mayr'])[1 + n %% 11] || n, '{}', '', true, now()
    FROM generate_series(1, %(people)s) AS n
"""
MATTERS = """
    INSERT INTO cases_case (id, number, procedure_id, department_id, applicant_id, applicant_name,
        applicant_address, name_confirmed, title, origin, phase, assigned_to_id, received_on,
        period_count, period_unit, period_basis, due_on, level, revision, opened_at,
        changed_at, search_text)
    SELECT md5('case' || n)::uuid, words.number, procedure.id, procedure.department_id, person.id,
        words.name, '{}', true, words.title, 'services',
        (ARRAY['received','examining','incomplete'])[1 + n %% 3],
        CASE WHEN n %% 4 > 0 THEN (%(clerks)s::uuid[])[1 + n %% %(clerk_count)s] END,
        current_date - n %% 150, 6, 'months', '§ 73 Abs. 1 AVG', current_date - 30 + n * 7 %% 58,
        0, 1, now() - n * interval '1 minute', now(),
        lower(concat_ws(' ', words.number, words.title, words.name))
    FROM generate_series(1, %(cases)s) AS n
    JOIN cases_procedure AS procedure ON procedure.slug = 'bench-' || n %% %(procedures)s
    JOIN accounts_person AS person ON person.id = md5('person' || 1 + n / %(each)s)::uuid
    CROSS JOIN LATERAL (SELECT
        'BE-2026-' || lpad(n::text, 6, '0') AS number,
        person.given_name || ' ' || person.family_name AS name,
        (ARRAY['Hund anmelden: ','Baumfällung in der ','Bewohnerparkkarte ','Veranstaltung am '])
            [1 + n %% 4] || md5(n::text) AS title) AS words
"""
MESSAGES = """
    INSERT INTO cases_message (case_id, subject_id, direction, text, at, by_name, office)
    SELECT id, applicant_id, 'to_citizen', 'Guten Tag!', now(), '', 'Amt'
    FROM cases_case WHERE revision = 1 AND right(number, 1) = '7'
"""
CORRECTIONS = """
    INSERT INTO cases_correctionrequest (case_id, subject_id, text, items, basis, suspends,
                                         requested_at, due_on, answer)
    SELECT id, applicant_id, 'Bitte ergänzen', '{}', '§ 13 Abs. 3 AVG', false, now(),
           current_date + 5, ''
    FROM cases_case WHERE phase = 'incomplete'
"""


def main() -> None:
    """Fill the database, measure, report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    logging.disable(logging.INFO)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    clerk = fill(QUICK_CASES if quick else CASES)
    rounds = QUICK_ROUNDS if quick else ROUNDS
    swept = sweep_figures()
    figures = {**inbox_figures(clerk, rounds), **own_figures(rounds), **swept}
    report("inbox", figures)


def fill(cases: int) -> Person:
    """City, departments, procedures, people and cases; answers the clerk who looks."""
    make_city()
    departments = [make_department(f"bench-{number}").slug for number in range(DEPARTMENTS)]
    texts = [
        f"- {{procedure: bench-{number}, name: {{de: Verfahren {number}}}, "
        f"department: {departments[number % DEPARTMENTS]}}}"
        for number in range(PROCEDURES)
    ]
    with transaction.atomic():
        install_procedures(by=SYSTEM, text="procedures:\n  " + "\n  ".join(texts))
        clerks = [make_clerk(None, *RIGHTS) for _ in range(CLERKS)]
    facts = {
        "cases": cases,
        "people": cases // CASES_PER_CITIZEN + 1,
        "each": CASES_PER_CITIZEN,
        "procedures": PROCEDURES,
        "clerks": [clerk.pk for clerk in clerks],
        "clerk_count": CLERKS,
    }
    with connection.cursor() as cursor:
        for statement in (PEOPLE, MATTERS):
            cursor.execute(statement, facts)
        for statement in (MESSAGES, CORRECTIONS, "ANALYZE"):
            cursor.execute(statement)
    if Case.objects.count() != cases:
        raise SystemExit("the cases were not made")
    return clerks[0]


def sweep_figures() -> dict[str, float]:
    """Every case's level has to rise; the second sweep of the day has nothing to do."""
    begin = time.perf_counter()
    first = sweep_deadlines(by=SYSTEM)
    seconds = time.perf_counter() - begin
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # what the database does by itself after such a night
    begin = time.perf_counter()
    second = sweep_deadlines(by=SYSTEM)
    again = time.perf_counter() - begin
    if (second.changed, second.told) != (0, 0):
        raise SystemExit("a second sweep must change nothing")
    return {
        "swept_cases": first.changed,
        "told_clerks": first.told,
        "sweep_s": round(seconds, 2),
        "sweep_again_s": round(again, 2),
    }


def inbox_figures(clerk: Person, rounds: int) -> dict[str, float]:
    """The inbox with every filter, searches and pages deep inside."""
    client = sign_in(Client(), clerk)
    addresses = inbox_addresses(client)
    for address in addresses:
        ask(client, address)  # templates and query plans are warm, as on any working day
    queries = {address: count_queries(client, address) for address in addresses}
    taken = {
        address: [milliseconds(client, address) for _ in range(rounds)] for address in addresses
    }
    everything = [value for values in taken.values() for value in values]
    slowest = max(taken, key=lambda address: percentile(taken[address], 0.95))
    print(f"slowest page: /amt/faelle/{slowest}, most queries: {max(queries, key=queries.get)}")
    return {
        "queries": max(queries.values()),
        "p50_ms": round(percentile(everything, 0.5), 1),
        "p95_ms": round(percentile(everything, 0.95), 1),
        "slowest_page_p95_ms": round(percentile(taken[slowest], 0.95), 1),
    }


def inbox_addresses(client: Client) -> Sequence[str]:
    """What a clerk asks for in a day, each with its filters."""
    procedure = Case.objects.values_list("procedure_id", "applicant_id").first()
    department = Case.objects.values_list("department_id", "applicant_id").first()
    filters = [
        "",
        "?assigned=me",
        "?assigned=nobody",
        "?level=3",
        "?level=2&assigned=nobody",
        "?phase=incomplete",
        "?phase=all",
        f"?procedure={procedure[0] if procedure else ''}",
        f"?department={department[0] if department else ''}&level=1",
        "?words=Wagner",
        "?words=huber+hund",
        "?words=BE-2026-004711",
        "?words=gibtesnicht",
    ]
    return [*filters, deep_page(client)]


def deep_page(client: Client) -> str:
    """The address of a page that one reaches by pressing "Weiter" again and again."""
    address = ""
    for _ in range(PAGES_DEEP):
        page = client.get("/amt/faelle/" + address).content.decode()
        address = html.unescape(NEXT_PAGE.findall(page)[-1])
    return address


def own_figures(rounds: int) -> dict[str, float]:
    """ "Meine Anliegen" of many citizens, each for the first time."""
    citizens = list(Person.objects.filter(kind=Person.Kind.CITIZEN).order_by("pk")[: 4 * rounds])
    clients = [sign_in(Client(), citizen) for citizen in citizens]
    address = "/meine-anliegen/"
    ask(clients[0], address)
    queries = count_queries(clients[0], address)
    taken = [timed(lambda client=client: ask(client, address)) for client in clients[1:]]
    return {
        "mine_queries": queries,
        "mine_p50_ms": round(percentile(taken, 0.5), 1),
        "mine_p95_ms": round(percentile(taken, 0.95), 1),
    }


def count_queries(client: Client, address: str) -> int:
    """All statements of a request: session, permission, page and read log."""
    with CaptureQueriesContext(connection) as captured:
        ask(client, address)
    return len(statements(captured.captured_queries))


def statements(queries: Iterable[dict[str, str]]) -> list[str]:
    """What goes to the server and back; the frame of a transaction is sent along with it."""
    frame = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [query["sql"] for query in queries if not query["sql"].startswith(frame)]


def milliseconds(client: Client, address: str) -> float:
    """How long a page of the inbox takes."""
    return timed(lambda: ask(client, address))


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that something takes."""
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def ask(client: Client, address: str) -> None:
    """Open a page; anything but the page ends the measurement."""
    path = address if address.startswith("/") else "/amt/faelle/" + address
    response = client.get(path)
    if response.status_code != 200:
        raise SystemExit(f"{path} answered {response.status_code}")


if __name__ == "__main__":
    main()
