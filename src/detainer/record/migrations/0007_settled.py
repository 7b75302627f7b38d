"""The settled stand by the step that settled them: a look at one, which is an event too, moves none."""

from django.db import migrations, models

FILL = """
UPDATE record_request SET settled_seq = step.last FROM (
    SELECT request_id, MAX(seq) AS last FROM record_event
    WHERE kind IN ('released', 'transferred', 'withdrawn', 'declined') GROUP BY request_id
) AS step WHERE record_request.id = step.request_id AND record_request.state = 'settled'
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0006_rare")]

    operations = [
        migrations.AddField(model_name="request", name="settled_seq", field=models.BigIntegerField(null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="request", name="record_request_last"),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(fields=["agency", "state", "settled_seq"], name="record_request_settled"),
        ),
    ]
