"""How many requests are alike, counted as the ledger grows; all that is kept is counted anew from the events."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("report", "0001_told")]

    operations = [
        migrations.RunSQL("DELETE FROM report_told"),
        migrations.RunSQL("DELETE FROM report_reached"),
        migrations.RemoveIndex(model_name="told", name="report_told_shape"),
        migrations.CreateModel(
            name="Alike",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agency", "shape", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agency", models.TextField()),
                ("shape", models.TextField()),
                ("requests", models.BigIntegerField()),
            ],
        ),
    ]
