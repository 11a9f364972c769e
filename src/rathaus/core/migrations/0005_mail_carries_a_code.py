from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_mail_carries_a_calendar_entry'),
    ]

    operations = [
        migrations.AddField(
            model_name='outgoingmail',
            name='code',
            field=models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='QR-Code'),
        ),
    ]
