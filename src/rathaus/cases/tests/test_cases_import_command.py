"""Procedures come in as files; one mistake installs nothing."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from tests.factories import make_department

from rathaus.cases.models import Procedure

pytestmark = pytest.mark.django_db

PROCEDURE = """procedure: probe
name: {de: Probe}
department: bauamt
templates:
  - {slug: ja, name: {de: Ja}, outcome: granted, title: Bescheid, ruling: "Bewilligt."}
"""


def test_a_folder_of_procedures_is_installed(tmp_path: Path) -> None:
    make_department("bauamt")
    (tmp_path / "probe.yaml").write_text(PROCEDURE)

    call_command("import_procedures", tmp_path)

    assert list(Procedure.objects.values_list("slug", flat=True)) == ["probe"]


def test_one_mistake_installs_nothing(tmp_path: Path) -> None:
    make_department("bauamt")
    (tmp_path / "a.yaml").write_text(PROCEDURE)
    (tmp_path / "b.yaml").write_text(PROCEDURE.replace("granted", "perhaps"))

    with pytest.raises(CommandError, match=r"b\.yaml: Zeile 5: „perhaps“ passt nicht") as refused:
        call_command("import_procedures", tmp_path)

    assert refused.value.returncode == 1
    assert Procedure.objects.count() == 0
