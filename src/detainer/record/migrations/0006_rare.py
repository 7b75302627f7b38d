"""What waits to be expunged, and what was exported, are found without reading every asking and every list."""

from django.db import migrations

RARE = {
    "record_event_erasures": """kind = 'asked' AND public LIKE '%"expunged"%'""",
    "record_event_exports": """kind = 'listed' AND public LIKE '%"what":"export"%'""",
}


class Migration(migrations.Migration):
    dependencies = [("record", "0005_looks")]

    operations = [
        migrations.RunSQL(f"CREATE INDEX {name} ON record_event (kind, seq) WHERE {which}", f"DROP INDEX {name}")
        for name, which in RARE.items()
    ]
