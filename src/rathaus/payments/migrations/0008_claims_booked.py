"""What was owed before there was a ledger is booked, and every claim gets its payment reference."""

from django.db import migrations

from rathaus.payments.references import reference_of

POST = """
    SELECT payments_post(%s, 'claim', (now() AT TIME ZONE 'Europe/Vienna')::date, %s, %s, %s,
                         ARRAY[%s, %s]::bigint[], ARRAY[%s, -%s]::bigint[])
"""
ACCOUNTS = {
    "receivables": ("2300", "asset", {"de": "Forderungen", "en": "Receivables"}),
    "income": ("8500", "income", {"de": "Gebühren und Abgaben", "en": "Fees and charges"}),
}


def give_references(apps, schema_editor):
    """One to each claim, in the order in which they were raised."""
    references = apps.get_model("payments", "PaymentReference").objects
    claims = apps.get_model("payments", "Claim").objects
    known = references.exclude(claim=None).values("claim")
    for claim in claims.exclude(pk__in=known).order_by("raised_at", "pk").iterator():
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'number'))", [
                "payments_paymentreference"
            ])
            number = cursor.fetchone()[0]
        references.create(number=number, reference=reference_of(number), claim=claim.pk)


def book_open_claims(apps, schema_editor):
    """Those that are due some day; said twice, each is booked once."""
    claims = apps.get_model("payments", "Claim").objects
    owed = claims.filter(settled_at=None, cancelled_at=None, due_on__isnull=False)
    for claim in owed.order_by("raised_at", "pk").iterator():
        sides = [_account(apps, use, claim.currency) for use in ("receivables", "income")]
        text = str(claim.purpose.get("de", ""))[:140]
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                POST,
                [f"claim:{claim.pk}", text, claim.reference, claim.currency, *sides]
                + [claim.cents, claim.cents],
            )


def _account(apps, use, currency):
    number, kind, name = ACCOUNTS[use]
    account, _is_new = apps.get_model("payments", "Account").objects.get_or_create(
        use=use,
        department=None,
        currency=currency,
        defaults={"number": number, "kind": kind, "name": name},
    )
    return account.pk


class Migration(migrations.Migration):
    dependencies = [("payments", "0007_receipts_kept_right")]

    operations = [
        migrations.RunPython(give_references, migrations.RunPython.noop),
        migrations.RunPython(book_open_claims, migrations.RunPython.noop),
    ]
