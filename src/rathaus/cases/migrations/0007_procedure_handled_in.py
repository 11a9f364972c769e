import django.contrib.postgres.fields
from django.db import migrations, models

# The department of a procedure, and those that its routing names.
FILL = """
    UPDATE cases_procedure AS procedure SET handled_in = ARRAY(
        SELECT department.id FROM accounts_department AS department
        WHERE department.id = procedure.department_id OR department.slug IN (
            SELECT rule ->> 'department'
            FROM jsonb_array_elements(coalesce(procedure.document -> 'routing', '[]')) AS rule
        )
    )
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0006_forwarded'),
    ]

    operations = [
        migrations.AddField(
            model_name='procedure',
            name='handled_in',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
