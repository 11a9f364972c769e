"""A bank's file is taken whole or not at all, and each movement of money once."""

import pytest
from django.core.management import CommandError, call_command
from tests.all_at_once import all_at_once
from tests.factories import make_citizen, make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.core.actor import SYSTEM
from rathaus.core.errors import NotAllowed
from rathaus.payments.actions import (
    AlreadyTaken,
    BadBankFile,
    BankFileTooLarge,
    NotOurAccount,
    clear_new_movements,
    take_bank_file,
)
from rathaus.payments.camt.document import LARGEST
from rathaus.payments.models import (
    BankFile,
    BankMovement,
    BankStatement,
    Claim,
    MovementState,
    PaymentReference,
    Receipt,
)
from rathaus.payments.tests.bank import open_bank_account
from rathaus.payments.tests.camt_files import archive, detail, document, entry
from rathaus.payments.tests.money import owe, standing

pytestmark = pytest.mark.django_db

DOG = entry("50.00", detail(text="Hund"))


@pytest.fixture(autouse=True)
def account():
    return open_bank_account()


def take(content: bytes, name: str = "auszug.xml") -> tuple[int, int]:
    taken = take_bank_file(by=SYSTEM, name=name, content=content)
    return taken.told, taken.known


def nothing_is_kept() -> bool:
    return not (BankFile.objects.exists() or BankMovement.objects.exists())


def test_every_movement_is_kept_as_it_was_told():
    assert take(document(entry("12.50", detail(structured="123", text="Miete"), bank_id="B"))) == (
        1,
        0,
    )
    row = BankMovement.objects.get()
    assert (row.cents, row.currency, row.party, row.structured, row.texts, row.bank_ids) == (
        1_250,
        "EUR",
        "Erika Zahlerin",
        ["123"],
        ["Miete"],
        ["entry B"],
    )
    assert (row.state, row.statement.file.name) == (MovementState.NEW, "auszug.xml")
    deed = Entry.objects.get(did="payments.bank_file_taken")
    assert (deed.details["told"], deed.details["known"], deed.about) == (1, 0, [])


def test_the_same_file_is_taken_once():
    content = document(DOG)
    take(content)
    with pytest.raises(AlreadyTaken, match="schon eingelesen"):
        take(content)
    assert (BankFile.objects.count(), BankMovement.objects.count()) == (1, 1)


def test_the_statement_of_the_day_adds_only_what_its_report_lacked():
    assert take(document(DOG, form="052")) == (1, 0)
    assert take(document(DOG, entry("7.00", detail(text="Pass")))) == (2, 1)
    assert BankMovement.objects.count() == 2


def test_two_equal_payments_are_two_each_with_a_fingerprint():
    assert take(document(DOG, DOG)) == (2, 0)
    assert take(document(DOG, DOG, DOG, form="052")) == (3, 2)
    assert len(set(BankMovement.objects.values_list("fingerprint", flat=True))) == 3


def test_the_payments_of_a_batch_replace_its_line():
    take(document(entry("30.00", batch="S-7", bank_id="B-9")))
    parts = entry(
        "30.00", detail(amount="10.00"), detail(amount="20.00"), batch="S-7", bank_id="B-9"
    )
    take(document(parts, form="054"))
    rows = BankMovement.objects.order_by("pk").values_list("cents", "state")
    assert list(rows) == [(3_000, "replaced"), (1_000, "new"), (2_000, "new")]


def test_what_is_no_receipt_or_not_split_waits_for_a_person():
    take(
        document(
            entry("5.00", sign="DBIT", code="CHRG"),
            entry("6.00", detail(), code="RRTN"),
            entry("30.00", detail(amount="10.00"), detail(amount="19.00"), batch="B"),
        )
    )
    rows = BankMovement.objects.order_by("cents").values_list("kind", "state", "doubt")
    assert list(rows) == [
        ("charge", "left", "no_receipt"),
        ("return", "left", "no_receipt"),
        ("receipt", "left", "unsplit"),
    ]


def test_an_archive_is_one_file():
    packed = archive({"a.xml": document(DOG), "b.xml": document(DOG, form="052")})
    assert take(packed, "post.zip") == (2, 1)
    assert (BankFile.objects.count(), BankStatement.objects.count()) == (1, 2)


def test_one_bad_part_of_an_archive_keeps_all_of_it_out():
    packed = archive({"a.xml": document(DOG), "b.xml": document(entry("1.001"))})
    with pytest.raises(BadBankFile) as refused:
        take(packed)
    assert str(refused.value.message) == (
        "Nichts wurde übernommen. b.xml: Zeile 5: der Betrag hat Bruchteile von Cent („1.001“)."
    )
    assert nothing_is_kept()


def test_the_account_of_somebody_else_is_refused():
    with pytest.raises(NotOurAccount, match="Zeile 4: Das Konto DE02120300000000202051"):
        take(document(DOG, account="DE02120300000000202051"))
    assert nothing_is_kept()


def test_without_an_account_of_the_city_nothing_is_taken(account):
    account.iban = ""
    account.save()
    with pytest.raises(NotOurAccount, match="noch kein Bankkonto"):
        take(document(DOG))


def test_what_is_too_large_is_refused():
    with pytest.raises(BankFileTooLarge) as refused:
        take(b"<" * (LARGEST + 1))
    assert refused.value.status == 413
    assert nothing_is_kept()


def test_only_who_looks_after_the_account_may_take_files():
    clerk = actor_of(make_clerk(None, "payments.read"))
    with pytest.raises(NotAllowed):
        take_bank_file(by=clerk, name="a.xml", content=document(DOG))
    assert nothing_is_kept()


def test_a_statement_that_does_not_add_up_says_by_how_much():
    balance = (
        "<Bal><Tp><CdOrPrtry><Cd>{}</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>{}</Amt>"
        "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-02</Dt></Dt></Bal>"
    )
    before, after = balance.format("OPBD", "100.00"), balance.format("CLBD", "157.00")
    take(document(before, after, DOG))
    assert BankStatement.objects.get().gap_cents == 700


@pytest.mark.django_db(transaction=True)
def test_the_same_movement_from_two_files_at_once_is_one():
    open_bank_account()
    contents = [document(DOG, identifier=f"AZ-{number}") for number in range(4)]
    all_at_once(*[lambda content=content: take(content) for content in contents])
    assert BankMovement.objects.count() == 1


def test_the_command_takes_and_clears_and_says_what(tmp_path, capsys):
    claim = owe(make_citizen(), 5_000)
    file = tmp_path / "auszug.xml"
    reference = PaymentReference.objects.get(claim=claim).reference
    file.write_bytes(document(entry("50.00", detail(text=reference))))

    call_command("import_camt", str(file))
    said = capsys.readouterr().out
    assert f"{file}: 1 Kontobewegungen, davon 1 neu" in said
    assert "verbucht: Zahlungsreferenz im Text: 1" in said
    assert standing(claim) == ("settled", 0)

    call_command("import_camt", str(file))
    assert "schon eingelesen" in capsys.readouterr().out
    assert (Receipt.objects.count(), BankFile.objects.count()) == (1, 1)


def test_the_command_names_line_and_reason(tmp_path):
    file = tmp_path / "auszug.xml"
    file.write_bytes(document(entry("1.001")))
    with pytest.raises(CommandError, match="Zeile 5: der Betrag hat Bruchteile von Cent"):
        call_command("import_camt", str(file))
    with pytest.raises(CommandError, match="diese Datei gibt es nicht"):
        call_command("import_camt", str(tmp_path / "nichts.xml"))


def test_claims_have_references_to_pay_by():
    claim = owe(make_citizen(), 5_000)
    assert PaymentReference.objects.filter(claim=claim).count() == 1
    assert Claim.objects.get(pk=claim).rest.cents == 5_000
    assert clear_new_movements(by=SYSTEM) == 0
