"""Marks of the months whose counts have changed. What is kept so far bears none: it is the same until something changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("report", "0004_by_day")]

    operations = [
        migrations.CreateModel(
            name="Touched",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agency", "month", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agency", models.TextField()),
                ("month", models.TextField()),
                ("mark", models.TextField()),
            ],
        ),
    ]
