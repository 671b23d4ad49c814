"""On PostgreSQL refused requests lie in one partition for each day, so that a day is forgotten by dropping it."""

from django.db import migrations

from homeroom.activity import partitions


def divide(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in partitions.DIVIDE:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("activity", "0001_initial")]
    operations = [migrations.RunPython(divide, migrations.RunPython.noop, elidable=False)]
