import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from rathaus.operate.backup import back_up, copy_keys
from rathaus.operate.comparing import differences, tables_fingerprint
from rathaus.operate.database import connect, migrate
from rathaus.operate.home import Home
from rathaus.operate.installation import DEMO, Installation, installation
from rathaus.operate.problem import Problem
from rathaus.operate.restore import Backup, read_backup, restore, take_keys

KEY = "ab/abcdef"
A_FILE = """
    insert into core_storedfile (id, name, content_type, size, sha256, storage_key, created_at)
    values (gen_random_uuid(), 'Bescheid Äpfel.pdf', 'application/pdf', 6, 'x', %s, now())
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A running installation with all tables, one file and its keys."""
    place = installation(profile=DEMO, home=Home(tmp_path_factory.mktemp("home")))
    with place.database_running() as program:
        migrate(program)
        with connect(program.owner) as connection:
            connection.execute(A_FILE, (KEY,))
        (place.home.files / KEY).parent.mkdir()
        (place.home.files / KEY).write_bytes(b"sealed")
        yield place


@pytest.fixture
def backup(place: Installation, tmp_path: Path) -> Backup:
    back_up(place.program, tmp_path / "backup")
    return read_backup(tmp_path / "backup")


def tables_of(place: Installation) -> object:
    with connect(place.program.owner) as connection:
        return tables_fingerprint(connection)


def test_restored_elsewhere_every_row_and_file_is_equal(
    place: Installation, backup: Backup, tmp_path: Path
) -> None:
    elsewhere = installation(profile=DEMO, home=Home(tmp_path / "elsewhere"))

    restore(backup, elsewhere)

    with elsewhere.database_running():
        assert tables_of(elsewhere) == tables_of(place) == backup.tables
    assert backup.tables["core_storedfile"].rows == 1
    assert (elsewhere.home.files / KEY).read_bytes() == b"sealed"


def test_nothing_is_restored_over_what_is_there(place: Installation, backup: Backup) -> None:
    before = tables_of(place)

    with pytest.raises(Problem, match="nur in eine leere Datenbank"):
        restore(backup, place)

    assert tables_of(place) == before
    assert (place.home.files / KEY).read_bytes() == b"sealed"


@pytest.mark.parametrize("name", ["database.dump", f"files/{KEY}"])
def test_a_single_changed_byte_is_noticed(backup: Backup, name: str) -> None:
    damaged = backup.folder / name
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)

    with pytest.raises(Problem, match=f"Die Sicherung ist beschädigt: {name}"):
        read_backup(backup.folder)


def test_any_folder_is_not_a_backup(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="ist keine Sicherung"):
        read_backup(tmp_path)

    (tmp_path / "manifest.json").write_text(json.dumps({"format": 99}))
    with pytest.raises(Problem, match="ist keine Sicherung"):
        read_backup(tmp_path)


def test_a_lost_file_is_named_and_no_half_backup_remains(
    place: Installation, tmp_path: Path
) -> None:
    (place.home.files / KEY).rename(tmp_path / "lost")

    with pytest.raises(Problem, match=f"Die Datei {KEY} fehlt"):
        back_up(place.program, tmp_path / "backup")

    assert not (tmp_path / "backup").exists()
    (tmp_path / "lost").rename(place.home.files / KEY)


def test_a_changed_cell_a_missing_row_and_a_new_table_are_differences(place: Installation) -> None:
    with connect(place.program.owner) as connection:
        connection.execute("create table words (id int, word text)")
        connection.execute("insert into words values (1, 'Straße'), (2, null)")
        before = tables_fingerprint(connection)
        connection.execute("update words set word = 'Strasse' where id = 1")
        changed = tables_fingerprint(connection)
        connection.execute("delete from words where id = 1")
        shorter = tables_fingerprint(connection)
        connection.rollback()
        without = tables_fingerprint(connection)

    assert differences(before, before) == []
    assert [line.partition(":")[0] for line in differences(before, changed)] == ["words"]
    assert before["words"].rows == changed["words"].rows == 2
    assert shorter["words"].rows == 1
    assert differences(before, without)[0].endswith("fehlt")


def test_keys_come_back_but_never_over_others(tmp_path: Path) -> None:
    saved, home = tmp_path / "keys", Home(tmp_path / "home")
    home.prepare()
    (home.secrets / "file_key").write_text("right")
    copy_keys(home.secrets, saved)
    assert (saved / "file_key").stat().st_mode & 0o777 == 0o600
    (home.secrets / "file_key").write_text("other")

    with pytest.raises(Problem, match="schon andere Schlüssel"):
        take_keys(saved, home)
    assert (home.secrets / "file_key").read_text() == "other"

    (home.secrets / "file_key").unlink()
    take_keys(saved, home)
    assert (home.secrets / "file_key").read_text() == "right"


@pytest.mark.parametrize("deed", ["update {} set did = did", "delete from {}", "truncate {}"])
def test_the_running_program_can_not_rewrite_the_audit(place: Installation, deed: str) -> None:
    with connect(place.program.database) as connection:
        assert connection.info.user == "rathaus_app"
        connection.execute("select count(*) from audit_entry")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(deed.format("audit_entry").encode())


def test_the_running_program_can_not_change_tables(place: Installation) -> None:
    for deed in (b"create table mine (id int)", b"drop table audit_entry"):
        with (
            connect(place.program.database) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(deed)


def test_migrations_run_once_for_each_state(place: Installation) -> None:
    assert migrate(place.program) is False
