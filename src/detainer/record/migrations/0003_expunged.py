"""Sealing hides and expunging destroys: the rules spare personal data until its request was expunged."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from detainer.record import rules


def anew(_apps: object, schema: BaseDatabaseSchemaEditor) -> None:
    rules.drop(schema)
    rules.install(schema)


class Migration(migrations.Migration):
    dependencies = [("record", "0002_rules")]

    operations = [
        migrations.AddField("request", "expunged_at", models.DateTimeField(null=True)),
        migrations.RunPython(anew, migrations.RunPython.noop),
    ]
