"""What a real city still lacks before its first case: the chapter "The first day" as questions."""

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg

from rathaus.operate.database import connect, read_notes, write_note
from rathaus.operate.finding import Finding
from rathaus.operate.program import Program

BACKUP_NOTE = "backup"
_OLDEST_BACKUP = timedelta(days=2)
_MAIL_ANSWERS_WITHIN = 5.0

_CITY = "select name from core_city"
_ADMINISTRATORS = """
    select count(*), count(person.last_login)
    from accounts_membership held
    join accounts_role role on role.id = held.role_id
    join accounts_person person on person.id = held.person_id
    where 'accounts.manage' = any(role.rights) and held.department_id is null and person.is_active
"""
_FORMS_WITHOUT_PROCEDURE = """
    select distinct on (form) form, exists (
        select 1 from cases_procedure known where known.slug = service and known.is_active)
    from services_formversion order by form, number desc
"""
_SERVICES_WITHOUT_FORM = """
    select slug from services_service
    where published and form <> '' and form not in (select form from services_formversion)
    order by slug
"""
_CLERKLESS = """
    select slug from accounts_department office
    where exists (select 1 from cases_procedure known where known.department_id = office.id)
    and not exists (
        select 1 from accounts_membership held
        join accounts_role role on role.id = held.role_id
        join accounts_person person on person.id = held.person_id
        where 'cases.handle' = any(role.rights) and person.is_active
        and (held.department_id = office.id or held.department_id is null))
    order by slug
"""


def missing_of_the_first_day(program: Program) -> Iterator[Finding]:
    """Look at the city's data, its mail and its backups; the tables are there already."""
    with connect(program.owner) as connection:
        for look in (city, administrator, procedures, forms, services, addresses, clerks):
            yield look(connection)
    yield from mail()
    yield id_austria()
    yield backup(program, now=datetime.now(UTC))


def city(connection: psycopg.Connection) -> Finding:
    """The one row that names it."""
    row = connection.execute(_CITY).fetchone()
    advice = "./rathaus import city DATEI"
    return Finding(f"Stadt {row[0]}" if row else "Stadt", row is not None, advice)


def administrator(connection: psycopg.Connection) -> Finding:
    """Somebody who can let others in, and has come in already."""
    invited, came = connection.execute(_ADMINISTRATORS).fetchone() or (0, 0)
    if invited and not came:
        advice = "eingeladen, aber noch nie angemeldet: kam die Mail an?"
        return Finding("Erste Administration", False, advice)
    advice = "./rathaus manage first_administrator E-MAIL VORNAME NACHNAME https://…/"
    return Finding("Jemand, der Personen und Rollen verwaltet", bool(invited), advice)


def procedures(connection: psycopg.Connection) -> Finding:
    """How the city handles what comes in."""
    count = _number(connection, "select count(*) from cases_procedure where is_active")
    return Finding(f"{count} Verfahren", count > 0, "./rathaus import procedures ORDNER")


def forms(connection: psycopg.Connection) -> Finding:
    """Published forms, each with a procedure that takes what is sent."""
    found = connection.execute(_FORMS_WITHOUT_PROCEDURE).fetchall()
    lost = [form for form, handled in found if not handled]
    advice = "./rathaus import forms ORDNER"
    if lost:
        advice = f"ohne Verfahren, das sie annimmt: {', '.join(lost)}"
    return Finding(f"{len(found)} Formulare", bool(found) and not lost, advice)


def services(connection: psycopg.Connection) -> Finding:
    """What people find, and whether its forms are there."""
    count = _number(connection, "select count(*) from services_service where published")
    lost = _names(connection, _SERVICES_WITHOUT_FORM)
    advice = "./rathaus import services ORDNER"
    if lost:
        advice = f"mit Formular, das nicht veröffentlicht ist: {', '.join(lost)}"
    return Finding(f"{count} Leistungen im Portal", count > 0 and not lost, advice)


def addresses(connection: psycopg.Connection) -> Finding:
    """The list in which forms look up addresses; without it people type them."""
    count = _number(connection, "select count(*) from services_streetaddress")
    advice = "./rathaus import addresses DATEI"
    return Finding(f"{count} Adressen der Stadt", count > 0, advice, needed=False)


def clerks(connection: psycopg.Connection) -> Finding:
    """Every department that gets cases has somebody who handles them."""
    alone = _names(connection, _CLERKLESS)
    advice = f"niemand bearbeitet Anliegen in: {', '.join(alone)}"
    return Finding("Jede Abteilung mit Verfahren hat Bearbeitende", not alone, advice)


def mail() -> Iterator[Finding]:
    """Where mail leaves, whether it answers, and whose name it bears."""
    host = os.environ.get("RATHAUS_SMTP_HOST", "")
    advice = "RATHAUS_SMTP_HOST setzen, sonst kommt keine Nachricht an"
    if host:
        port = int(os.environ.get("RATHAUS_SMTP_PORT", "25"))
        advice = f"{host}:{port} antwortet nicht"
    yield Finding("Mailserver", bool(host) and _answers(host, port), advice)
    sender = os.environ.get("RATHAUS_MAIL_FROM", "")
    advice = "RATHAUS_MAIL_FROM setzen, etwa rathaus@stadt.example"
    yield Finding(f"Absender {sender}".strip(), bool(sender), advice)


def id_austria() -> Finding:
    """Not needed: guests come in by a code in a mail."""
    known = bool(os.environ.get("RATHAUS_ID_AUSTRIA_URL"))
    advice = "RATHAUS_ID_AUSTRIA_URL setzen; bis dahin melden sich alle mit E-Mail-Code an"
    return Finding("ID Austria", known, advice, needed=False)


def note_backup(program: Program, *, at: datetime) -> None:
    """Remember when the last complete backup was made."""
    write_note(program.owner, BACKUP_NOTE, at.isoformat())


def backup(program: Program, *, now: datetime) -> Finding:
    """A city saves what it has, every night."""
    made = read_notes(program.owner).get(BACKUP_NOTE)
    if made is None:
        return Finding("Sicherung", False, "noch nie gesichert: ./rathaus backup, jede Nacht")
    at = datetime.fromisoformat(made)
    advice = "seit mehr als zwei Tagen keine neue: läuft der nächtliche Auftrag?"
    return Finding(f"Letzte Sicherung {at:%d.%m.%Y}", now - at <= _OLDEST_BACKUP, advice)


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=_MAIL_ANSWERS_WITHIN).close()
    except OSError:
        return False
    return True


def _number(connection: psycopg.Connection, question: str) -> int:
    row = connection.execute(question.encode()).fetchone()
    return int(row[0]) if row else 0


def _names(connection: psycopg.Connection, question: str) -> list[str]:
    return [str(name) for (name,) in connection.execute(question.encode())]
