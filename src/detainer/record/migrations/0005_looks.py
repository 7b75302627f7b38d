"""Who has looked is found by who looked, without reading what else there is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("record", "0004_found_quickly")]

    operations = [
        migrations.AddIndex(
            "event",
            models.Index(
                fields=["author", "seq"],
                condition=models.Q(kind__in=("viewed", "listed", "replied", "exported", "paper_shown")),
                name="record_event_looks",
            ),
        ),
    ]
