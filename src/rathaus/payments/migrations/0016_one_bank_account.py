"""What the city's document said of its bank account goes to the chart of accounts, where that names
none: files of the bank, codes and letters then speak of one account.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from rathaus.payments.chart import standard_chart

CURRENCY = "EUR"


def take_over(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    city = apps.get_model("core", "City").objects.first()
    if city is None or not city.bank:
        return
    entry = standard_chart()["bank"]
    account, _is_new = apps.get_model("payments", "Account").objects.get_or_create(
        use="bank",
        department=None,
        currency=CURRENCY,
        defaults={"number": entry.number, "name": entry.name.plain(), "kind": entry.kind},
    )
    if not account.iban:
        account.iban, account.bic = city.bank["iban"], city.bank["bic"]
        account.holder = city.bank["holder"]
        account.save()


class Migration(migrations.Migration):
    dependencies = [("payments", "0015_levies_and_deposits"), ("core", "0003_bank_of_the_city")]
    run_before = [("core", "0006_the_bank_account_stands_in_the_chart")]

    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
