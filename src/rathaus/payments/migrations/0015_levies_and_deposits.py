"""What somebody owes each year anew, money that is only kept for somebody, and the kind of a claim."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


# What a clerk decided, and what happened to a levy, stays as it was written down.
ONLY_GROWS = """
CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""
ONLY_GROW = ("payments_depositstep", "payments_levystep")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_moments_by_the_houses_clock'),
        ('core', '0004_mail_carries_a_calendar_entry'),
        ('payments', '0014_bank_statements'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='claim',
            name='kind',
            field=models.CharField(choices=[('fee', 'Gebühr'), ('permit', 'Bewilligung'), ('fine', 'Strafe'), ('deposit', 'Kaution'), ('levy', 'Abgabe')], db_default='fee', default='fee', max_length=7, verbose_name='Art'),
        ),
        migrations.AlterField(
            model_name='account',
            name='use',
            field=models.CharField(choices=[('bank', 'Bankkonto'), ('card', 'Kartenzahlungen'), ('eps', 'eps-Überweisungen'), ('cash', 'Barkassa'), ('receivables', 'Forderungen'), ('income', 'Gebühren und Abgaben'), ('deposits', 'Kautionen'), ('credit', 'Guthaben'), ('unknown', 'Ungeklärte Eingänge'), ('refunds', 'Rückzahlungen unterwegs'), ('differences', 'Kassadifferenzen')], max_length=11, verbose_name='Zweck'),
        ),
        migrations.AlterField(
            model_name='transaction',
            name='kind',
            field=models.CharField(choices=[('claim', 'Vorschreibung'), ('receipt', 'Zahlung'), ('credit', 'Guthaben'), ('refund', 'Rückzahlung'), ('reversal', 'Storno'), ('cash', 'Kassadifferenz'), ('deposit', 'Einbehalt')], max_length=8, verbose_name='Belegart'),
        ),
        migrations.CreateModel(
            name='Deposit',
            fields=[
                ('claim', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='deposit', serialize=False, to='payments.claim')),
                ('return_on', models.DateField(null=True, verbose_name='zurückzugeben bis')),
                ('retained_cents', models.BigIntegerField(default=0, verbose_name='davon einbehalten')),
            ],
            options={
                'verbose_name': 'Kaution',
                'verbose_name_plural': 'Kautionen',
                'constraints': [models.CheckConstraint(condition=models.Q(('retained_cents__gte', 0)), name='deposit_retained_something')],
            },
        ),
        migrations.CreateModel(
            name='LevyKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=50, unique=True)),
                ('prefix', models.CharField(max_length=8, unique=True)),
                ('document', models.JSONField()),
                ('last', models.IntegerField(default=0)),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department')),
            ],
            options={
                'verbose_name': 'Abgabenart',
                'verbose_name_plural': 'Abgabenarten',
            },
        ),
        migrations.CreateModel(
            name='Levy',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='Nummer')),
                ('about', models.CharField(max_length=120, verbose_name='Wofür')),
                ('rate', models.CharField(max_length=50, verbose_name='Tarif')),
                ('matter', models.CharField(blank=True, max_length=80, verbose_name='Anliegen')),
                ('key', models.CharField(max_length=80)),
                ('language', models.CharField(max_length=5, verbose_name='Sprache')),
                ('begins_on', models.DateField(verbose_name='beginnt am')),
                ('ends_on', models.DateField(null=True, verbose_name='endet am')),
                ('exempt_from', models.SmallIntegerField(null=True, verbose_name='befreit ab')),
                ('exempt_until', models.SmallIntegerField(null=True, verbose_name='befreit bis')),
                ('exempt_why', models.CharField(blank=True, max_length=300, verbose_name='Grund der Befreiung')),
                ('begun_at', models.DateTimeField(verbose_name='angelegt')),
                ('debtor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('kind', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='levies', to='payments.levykind')),
            ],
            options={
                'verbose_name': 'wiederkehrende Abgabe',
                'verbose_name_plural': 'wiederkehrende Abgaben',
            },
        ),
        migrations.CreateModel(
            name='LevyStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('deed', models.CharField(choices=[('begun', 'angelegt'), ('raised', 'vorgeschrieben'), ('changed', 'geändert'), ('ended', 'beendet')], max_length=7, verbose_name='was')),
                ('year', models.SmallIntegerField(null=True, verbose_name='Jahr')),
                ('why', models.CharField(blank=True, max_length=300, verbose_name='Grund')),
                ('by_name', models.CharField(blank=True, max_length=200, verbose_name='von')),
                ('at', models.DateTimeField(verbose_name='am')),
                ('levy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='payments.levy')),
            ],
            options={
                'verbose_name': 'Schritt einer Abgabe',
                'verbose_name_plural': 'Schritte einer Abgabe',
            },
        ),
        migrations.CreateModel(
            name='LevyYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.SmallIntegerField(verbose_name='Jahr')),
                ('yearly_cents', models.BigIntegerField(verbose_name='Tarif in Cent')),
                ('cents', models.BigIntegerField(verbose_name='geschuldet in Cent')),
                ('with_matter', models.BooleanField(default=False)),
                ('raised_at', models.DateTimeField(verbose_name='vorgeschrieben')),
                ('by_mail', models.BooleanField(default=False, verbose_name='per E-Mail')),
                ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
                ('levy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='years', to='payments.levy')),
            ],
            options={
                'verbose_name': 'Abgabenjahr',
                'verbose_name_plural': 'Abgabenjahre',
            },
        ),
        migrations.CreateModel(
            name='DepositStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80, unique=True)),
                ('given_cents', models.BigIntegerField(verbose_name='zurückgegeben')),
                ('retained_cents', models.BigIntegerField(verbose_name='einbehalten')),
                ('why', models.CharField(max_length=300, verbose_name='Grund')),
                ('by_name', models.CharField(blank=True, max_length=200, verbose_name='von')),
                ('at', models.DateTimeField(verbose_name='am')),
                ('deposit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='payments.deposit')),
            ],
            options={
                'verbose_name': 'Rückgabe einer Kaution',
                'verbose_name_plural': 'Rückgaben von Kautionen',
                'constraints': [models.CheckConstraint(condition=models.Q(('given_cents__gte', 0), ('retained_cents__gte', 0), models.Q(('given_cents', 0), ('retained_cents', 0), _negated=True)), name='deposit_step_of_something')],
            },
        ),
        migrations.AddConstraint(
            model_name='levy',
            constraint=models.UniqueConstraint(fields=('matter', 'key'), name='levy_once_per_line'),
        ),
        migrations.AddConstraint(
            model_name='levy',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('begins_on')), _connector='OR'), name='levy_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='levy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('exempt_from', None), ('exempt_until', None)), models.Q(('exempt_from__isnull', False), ('exempt_until', None)), ('exempt_until__gte', models.F('exempt_from')), _connector='OR'), name='levy_exempt_in_order'),
        ),
        migrations.AddConstraint(
            model_name='levyyear',
            constraint=models.UniqueConstraint(fields=('levy', 'year'), name='levy_once_per_year'),
        ),
        migrations.AddConstraint(
            model_name='levyyear',
            constraint=models.CheckConstraint(condition=models.Q(('cents__gte', 0), ('cents__lte', models.F('yearly_cents'))), name='levy_year_within_its_tariff'),
        ),
        *(
            migrations.RunSQL(
                ONLY_GROWS.format(table=table), f"DROP TRIGGER {table}_only_grows ON {table}"
            )
            for table in ONLY_GROW
        ),
    ]
