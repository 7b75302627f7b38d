"""The rules that stop edits, on either database."""

from django.db import migrations

from detainer.record import rules


class Migration(migrations.Migration):
    dependencies = [("record", "0001_record")]

    operations = [
        migrations.RunPython(
            lambda _apps, schema: rules.install(schema),
            lambda _apps, schema: rules.drop(schema),
        )
    ]
