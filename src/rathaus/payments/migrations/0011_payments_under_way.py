"""What people are paying, the messages of payment services, and cash desks."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0010_exports_only_grow'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CashDesk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='Name')),
                ('closed_for_good', models.BooleanField(default=False, verbose_name='aufgelassen')),
            ],
            options={
                'verbose_name': 'Barkassa',
                'verbose_name_plural': 'Barkassen',
            },
        ),
        migrations.CreateModel(
            name='CashClosing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='Tag')),
                ('float_cents', models.BigIntegerField(verbose_name='Anfangsbestand')),
                ('takings_cents', models.BigIntegerField(null=True, verbose_name='Einnahmen')),
                ('counted_cents', models.BigIntegerField(null=True, verbose_name='gezählt')),
                ('opened_by', models.UUIDField(null=True)),
                ('opened_at', models.DateTimeField(verbose_name='geöffnet')),
                ('closed_by', models.UUIDField(null=True)),
                ('closed_at', models.DateTimeField(null=True, verbose_name='abgeschlossen')),
                ('remark', models.CharField(blank=True, max_length=300, verbose_name='Anmerkung')),
                ('desk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='days', to='payments.cashdesk')),
            ],
            options={
                'verbose_name': 'Kassatag',
                'verbose_name_plural': 'Kassatage',
            },
        ),
        migrations.CreateModel(
            name='CashTaking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cents', models.BigIntegerField(verbose_name='Betrag in Cent')),
                ('taken_at', models.DateTimeField(verbose_name='eingenommen')),
                ('day', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='takings', to='payments.cashclosing')),
                ('receipt', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.receipt')),
            ],
            options={
                'verbose_name': 'Bareinnahme',
                'verbose_name_plural': 'Bareinnahmen',
            },
        ),
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80)),
                ('fingerprint', models.CharField(max_length=64)),
                ('status', models.SmallIntegerField()),
                ('body', models.BinaryField()),
                ('made_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'Beantwortete Anfrage',
                'verbose_name_plural': 'Beantwortete Anfragen',
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=80)),
                ('means', models.CharField(choices=[('card', 'Karte'), ('eps', 'eps-Überweisung'), ('bank', 'Überweisung'), ('cash', 'bar'), ('credit', 'Verrechnung mit Guthaben')], max_length=6, verbose_name='Zahlungsmittel')),
                ('cents', models.BigIntegerField(verbose_name='Betrag in Cent')),
                ('currency', models.CharField(max_length=3, verbose_name='Währung')),
                ('language', models.CharField(max_length=2)),
                ('state', models.CharField(choices=[('created', 'begonnen'), ('pending', 'läuft'), ('held', 'wird geprüft'), ('succeeded', 'bezahlt'), ('failed', 'fehlgeschlagen'), ('cancelled', 'abgebrochen'), ('expired', 'abgelaufen')], max_length=9, verbose_name='Stand')),
                ('provider', models.CharField(max_length=20)),
                ('number', models.CharField(blank=True, max_length=120)),
                ('page', models.CharField(blank=True, max_length=2000)),
                ('made_at', models.DateTimeField(verbose_name='begonnen')),
                ('until', models.DateTimeField(verbose_name='zahlbar bis')),
                ('asked_at', models.DateTimeField(null=True, verbose_name='zuletzt nachgefragt')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='beendet')),
                ('why_held', models.CharField(blank=True, max_length=300, verbose_name='Grund der Prüfung')),
                ('payer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('receipt', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.receipt')),
            ],
            options={
                'verbose_name': 'Zahlung',
                'verbose_name_plural': 'Zahlungen',
            },
        ),
        migrations.CreateModel(
            name='PaymentPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.SmallIntegerField()),
                ('cents', models.BigIntegerField(verbose_name='Betrag in Cent')),
                ('runs', models.BooleanField(default=True)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.claim')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='payments.payment')),
            ],
            options={
                'verbose_name': 'Teil einer Zahlung',
                'verbose_name_plural': 'Teile einer Zahlung',
            },
        ),
        migrations.CreateModel(
            name='ProviderEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=20)),
                ('event', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=80, verbose_name='Art')),
                ('number', models.CharField(blank=True, max_length=120)),
                ('outcome', models.CharField(choices=[('waiting', 'wartet'), ('applied', 'verarbeitet'), ('unknown', 'betrifft keine Zahlung von uns')], max_length=7, verbose_name='Ergebnis')),
                ('heard_at', models.DateTimeField(verbose_name='gehört')),
                ('heard_times', models.IntegerField(default=1, verbose_name='wie oft gehört')),
                ('done_at', models.DateTimeField(null=True, verbose_name='erledigt')),
            ],
            options={
                'verbose_name': 'Meldung eines Zahlungsdienstes',
                'verbose_name_plural': 'Meldungen von Zahlungsdiensten',
                'constraints': [models.UniqueConstraint(fields=('provider', 'event'), name='provider_event_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='cashclosing',
            constraint=models.UniqueConstraint(fields=('desk', 'day'), name='desk_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='cashclosing',
            constraint=models.CheckConstraint(condition=models.Q(('float_cents__gte', 0)), name='float_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='cashclosing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_by', None), ('counted_cents', None), ('takings_cents', None)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('counted_cents__gte', 0), ('takings_cents__gte', 0)), _connector='OR'), name='day_open_or_counted'),
        ),
        migrations.AddConstraint(
            model_name='cashtaking',
            constraint=models.CheckConstraint(condition=models.Q(('cents__gt', 0)), name='taking_of_something'),
        ),
        migrations.AddConstraint(
            model_name='idempotencykey',
            constraint=models.UniqueConstraint(fields=('person', 'key'), name='request_once_per_key'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['asked_at'], name='payment_to_ask'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(fields=('payer', 'key'), name='payment_once_per_key'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('provider', 'number'), name='payment_once_per_number'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('cents__gt', 0)), name='payment_of_something'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['succeeded', 'failed', 'cancelled', 'expired'])), models.Q(models.Q(('state__in', ['succeeded', 'failed', 'cancelled', 'expired']), _negated=True), ('ended_at', None)), _connector='OR'), name='payment_ended_or_running'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'succeeded'), _negated=True), ('receipt__isnull', False), _connector='OR'), name='payment_succeeded_by_receipt'),
        ),
        migrations.AddConstraint(
            model_name='paymentpart',
            constraint=models.UniqueConstraint(fields=('payment', 'claim'), name='part_once_per_claim'),
        ),
        migrations.AddConstraint(
            model_name='paymentpart',
            constraint=models.UniqueConstraint(condition=models.Q(('runs', True)), fields=('claim',), name='claim_in_one_payment'),
        ),
        migrations.AddConstraint(
            model_name='paymentpart',
            constraint=models.CheckConstraint(condition=models.Q(('cents__gt', 0)), name='part_of_something'),
        ),
    ]
