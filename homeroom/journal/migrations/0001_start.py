"""The tables of journal as they were on 2026-11-26; in place of 3 steps before the first release."""

from django.db import migrations, models

from homeroom.journal import triggers


def guard(apps, schema_editor):
    """The database itself refuses to change, remove or misplace an entry.

    INSERT is guarded as well: on SQLite "INSERT OR REPLACE" removes a row without any DELETE
    trigger being asked, so a new row must be the next in number and name its predecessor's hash.
    """
    for statement in triggers.make(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    for statement in triggers.drop(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    replaces = [('journal', '0001_initial'), ('journal', '0002_only_grows'), ('journal', '0003_no_hash_twice')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=200)),
                ('verb', models.CharField(max_length=100)),
                ('subject', models.CharField(max_length=300)),
                ('clause', models.CharField(blank=True, max_length=40)),
                ('reason', models.TextField(blank=True)),
                ('data', models.JSONField(blank=True, default=dict)),
                ('previous', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64, unique=True)),
            ],
            options={
                'ordering': ('id',),
                'indexes': [models.Index(fields=['subject', 'id'], name='journal_by_subject'), models.Index(fields=['verb', 'id'], name='journal_by_verb'), models.Index(fields=['at'], name='journal_by_time')],
            },
        ),
        migrations.RunPython(guard, unguard, elidable=False),
    ]
