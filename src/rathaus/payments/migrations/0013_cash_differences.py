"""An account for what is more or less in a drawer than there should be."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0012_parts_are_the_payment")]

    operations = [
        migrations.AlterField(
            model_name='account',
            name='use',
            field=models.CharField(choices=[('bank', 'Bankkonto'), ('card', 'Kartenzahlungen'), ('eps', 'eps-Überweisungen'), ('cash', 'Barkassa'), ('receivables', 'Forderungen'), ('income', 'Gebühren und Abgaben'), ('credit', 'Guthaben'), ('unknown', 'Ungeklärte Eingänge'), ('refunds', 'Rückzahlungen unterwegs'), ('differences', 'Kassadifferenzen')], max_length=11, verbose_name='Zweck'),
        ),
        migrations.AlterField(
            model_name='transaction',
            name='kind',
            field=models.CharField(choices=[('claim', 'Vorschreibung'), ('receipt', 'Zahlung'), ('credit', 'Guthaben'), ('refund', 'Rückzahlung'), ('reversal', 'Storno'), ('cash', 'Kassadifferenz')], max_length=8, verbose_name='Belegart'),
        ),
    ]
