"""325L.12: the database itself refuses to change a signature."""

from django.db import migrations

from homeroom.agreements import guard


def set_up(apps, schema_editor):
    for statement in guard.make(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def take_down(apps, schema_editor):
    for statement in guard.drop(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_agreements")]
    operations = [migrations.RunPython(set_up, take_down, elidable=False)]
