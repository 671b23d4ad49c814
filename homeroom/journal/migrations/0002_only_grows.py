"""The database itself refuses to change, remove or misplace an entry.

INSERT is guarded as well: on SQLite "INSERT OR REPLACE" removes a row without any DELETE
trigger being asked, so a new row must be the next in number and name its predecessor's hash.
"""

from django.db import migrations

from homeroom.journal import triggers


def guard(apps, schema_editor):
    for statement in triggers.make(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    for statement in triggers.drop(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard, elidable=False)]
