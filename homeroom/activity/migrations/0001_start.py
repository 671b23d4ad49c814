"""The tables of activity as they were on 2026-11-26; in place of 2 steps before the first release."""

from django.db import migrations, models

from homeroom.activity import partitions


def divide(apps, schema_editor):
    """On PostgreSQL refused requests lie in one partition for each day, so that a day is forgotten by dropping it."""
    if schema_editor.connection.vendor == "postgresql":
        while schema_editor.deferred_sql:  # the indexes of the tables above, which would be made twice afterwards
            schema_editor.execute(schema_editor.deferred_sql.pop(0), params=None)
        for statement in partitions.DIVIDE:
            schema_editor.execute(statement)


class Migration(migrations.Migration):

    replaces = [('activity', '0001_initial'), ('activity', '0002_days')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='BlockedRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.PositiveBigIntegerField()),
                ('n', models.PositiveBigIntegerField()),
                ('alias', models.CharField(blank=True, max_length=300)),
                ('school', models.CharField(blank=True, max_length=300)),
                ('profile', models.CharField(blank=True, max_length=300)),
                ('host', models.CharField(blank=True, max_length=300)),
                ('kind', models.CharField(blank=True, max_length=300)),
                ('clause', models.CharField(blank=True, max_length=300)),
                ('category', models.CharField(blank=True, max_length=300)),
                ('list', models.CharField(blank=True, max_length=300)),
                ('version', models.CharField(blank=True, max_length=300)),
                ('line', models.PositiveBigIntegerField()),
                ('bundle', models.CharField(blank=True, max_length=300)),
                ('door', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='activity_blocked_at'), models.Index(fields=['school', 'at'], name='activity_blocked_school')],
            },
        ),
        migrations.CreateModel(
            name='HourCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.PositiveBigIntegerField()),
                ('school', models.CharField(blank=True, max_length=300)),
                ('profile', models.CharField(blank=True, max_length=300)),
                ('verdict', models.CharField(blank=True, max_length=300)),
                ('kind', models.CharField(blank=True, max_length=300)),
                ('category', models.CharField(blank=True, max_length=300)),
                ('door', models.CharField(blank=True, max_length=300)),
                ('n', models.PositiveBigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hour', 'school', 'profile', 'verdict', 'kind', 'category', 'door'), name='activity_one_count')],
            },
        ),
        migrations.CreateModel(
            name='PurgeClock',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('ran', models.PositiveBigIntegerField()),
                ('held_since', models.PositiveBigIntegerField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='activity_one_purge_clock')],
            },
        ),
        migrations.CreateModel(
            name='SpoolFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True)),
                ('door', models.CharField(blank=True, max_length=300)),
                ('seen', models.PositiveBigIntegerField()),
                ('taken', models.PositiveBigIntegerField(default=0)),
                ('finished', models.BooleanField(default=False)),
                ('torn', models.PositiveBigIntegerField(default=0)),
                ('damaged', models.PositiveBigIntegerField(default=0)),
                ('lost_blocks', models.PositiveBigIntegerField(default=0)),
                ('lost_answers', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['seen'], name='activity_spool_seen')],
            },
        ),
        migrations.RunPython(divide, migrations.RunPython.noop, elidable=False),
    ]
