"""What counting keeps between reports."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Reached",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField(default=0)),
                ("root", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                ("request", models.TextField(primary_key=True, serialize=False)),
                ("agency", models.TextField()),
                ("shape", models.TextField()),
                ("talks", models.TextField(blank=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("talks", "")), fields=["agency", "shape"], name="report_told_shape"
                    ),
                    models.Index(
                        condition=models.Q(("talks", ""), _negated=True), fields=["agency"], name="report_told_talks"
                    ),
                ]
            },
        ),
    ]
