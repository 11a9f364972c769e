"""What stood of the bank account in the city's document went to the chart, once."""

from importlib import import_module
from types import SimpleNamespace

import pytest

from rathaus.payments.models import Account
from rathaus.payments.queries.accounts import BankAccount, bank_account
from rathaus.payments.tests.bank import open_bank_account

pytestmark = pytest.mark.django_db
TOLD = {"holder": "Stadt", "iban": "AT939999900001234567", "bic": "LINFAT2LXXX"}


def migrated(bank: dict[str, str]) -> BankAccount | None:
    """The account of the house after the step, if the city's row had this one."""
    city = SimpleNamespace(objects=SimpleNamespace(first=lambda: SimpleNamespace(bank=bank)))
    models = {"City": city, "Account": Account}
    apps = SimpleNamespace(get_model=lambda _domain, name: models[name])
    import_module("rathaus.payments.migrations.0016_one_bank_account").take_over(apps, None)
    return bank_account()


def test_it_goes_to_a_chart_that_names_none():
    assert migrated(TOLD) == BankAccount(TOLD["iban"], TOLD["bic"], TOLD["holder"])


def test_what_the_chart_names_stays():
    kept = open_bank_account().iban
    found = migrated(TOLD)
    assert found is not None
    assert found.iban == kept


def test_no_account_is_none():
    assert migrated({}) is None
