"""Which days each kept life tells of, so that a report reads those of its period alone."""

# ruff: noqa: S608  # the names of our own tables

import json

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    """Tell the days of what is kept already, where reports look for them."""
    for table, key, talks in (("report_alike", "agency, shape", "''"), ("report_told", "request, shape", "talks")):
        with schema.connection.cursor() as cursor:
            cursor.execute(f"SELECT {key}, {talks} FROM {table} WHERE {talks} <> '' OR '{table}' = 'report_alike'")
            rows = [(*_span(shape, said), one, shape) for one, shape, said in cursor.fetchall()]
            one, shape = key.split(", ")
            cursor.executemany(f'UPDATE {table} SET "first" = %s, "last" = %s WHERE {one} = %s AND {shape} = %s', rows)


def _span(shape: str, talks: str) -> tuple[str | None, str | None]:
    days = [day for _, day in json.loads(shape)[4]] + [talk[0] for talk in json.loads(talks or "[]")]
    return min(days, default=None), max(days, default=None)


class Migration(migrations.Migration):
    dependencies = [("report", "0002_alike")]

    operations = [
        migrations.RemoveIndex(model_name="told", name="report_told_talks"),
        *(
            migrations.AddField(model_name=model, name=name, field=models.DateField(null=True))
            for model in ("told", "alike")
            for name in ("first", "last")
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
