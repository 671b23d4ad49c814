"""Set the guard up anew: on SQLite it now also refuses a hash that another entry has.

"INSERT OR REPLACE" would otherwise remove that other entry without any DELETE trigger being asked.
"""

from django.db import migrations

from homeroom.journal import triggers


def renew(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in [*triggers.drop(vendor), *triggers.make(vendor)]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_only_grows")]
    operations = [migrations.RunPython(renew, migrations.RunPython.noop, elidable=False)]
