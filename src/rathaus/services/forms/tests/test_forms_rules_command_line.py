"""The command that checks a form's file."""

from rathaus.services.forms.__main__ import check
from rathaus.services.forms.document import as_json, canonical, fingerprint
from rathaus.services.forms.loading import load_yaml
from rathaus.services.forms.tests.written_documents import HEAD


def test_the_command_line_names_what_is_wrong(tmp_path, capsys):
    good, broken, other = tmp_path / "gut.yaml", tmp_path / "schlecht.yaml", tmp_path / "b.json"
    good.write_text(f"{HEAD}      - {{id: a, type: text, label: Ä}}\n", encoding="utf-8")
    broken.write_text(f"{HEAD}      - {{id: a, type: text}}\n      - {{id: b, label: B}}\n")
    other.write_bytes(canonical(as_json(load_yaml(good.read_text(encoding="utf-8")))))
    name = fingerprint(as_json(load_yaml(good.read_text(encoding="utf-8"))))

    assert [check(path) for path in (good, broken, other, tmp_path / "weg.yaml")] == [
        True,
        False,
        True,
        False,
    ]
    assert capsys.readouterr().out == (
        f"{good}: in Ordnung, 1 Felder, 0 Bedingungen, {name}\n"
        f"{broken}:9: „label“ fehlt\n"
        f"{broken}:10: „type“ fehlt\n"
        f"{other}: in Ordnung, 1 Felder, 0 Bedingungen, {name}\n"
        f"{tmp_path}/weg.yaml: diese Datei gibt es nicht\n"
    )


def test_the_command_line_reads_json_by_its_ending_and_counts_conditions(tmp_path, capsys):
    path = tmp_path / "a.json"
    path.write_text("a: 1\n")
    assert check(path) is False
    assert capsys.readouterr().out == f"{path}:1: kein gültiges JSON: Expecting value\n"
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xff")
    assert check(path) is False
    assert capsys.readouterr().out.startswith(f"{path}: kein Text in UTF-8")
    path.write_text(
        f"{HEAD}      - {{id: a, type: text, label: A}}\n"
        "      - {id: b, type: text, label: B, show: {present: a}}\n"
        "fees: [{id: f, label: F, amount: '5.00', when: {present: a}}]\n"
    )
    assert check(path) is True
    assert capsys.readouterr().out.startswith(f"{path}: in Ordnung, 2 Felder, 2 Bedingungen, ")
