"""Kept lives are read by agency and day. Apart from the step before, whose rows PostgreSQL must have let go of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("report", "0003_spans")]

    operations = [
        *(
            migrations.AddIndex(
                model_name="told",
                index=models.Index(
                    fields=["agency", name],
                    name=f"report_told_{name}",
                    condition=models.Q(("talks", ""), _negated=True),
                ),
            )
            for name in ("last", "first")
        ),
        *(
            migrations.AddIndex(
                model_name="alike", index=models.Index(fields=["agency", name], name=f"report_alike_{name}")
            )
            for name in ("last", "first")
        ),
    ]
