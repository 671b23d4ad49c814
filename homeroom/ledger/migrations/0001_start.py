"""The tables of ledger as they were on 2026-11-26; in place of 2 steps before the first release."""

from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('ledger', '0001_initial'), ('ledger', '0002_binder')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Binder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveIntegerField()),
                ('asked_at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('by_name', models.CharField(max_length=200)),
                ('begun_at', models.DateTimeField(blank=True, null=True)),
                ('step', models.PositiveIntegerField(default=0)),
                ('of', models.PositiveIntegerField(default=1)),
                ('what', models.CharField(blank=True, max_length=100)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('failed', models.TextField(blank=True)),
            ],
            options={
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='Observation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('probe', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('looked_at', models.PositiveBigIntegerField(default=0)),
                ('broken', models.PositiveBigIntegerField(default=0)),
                ('summary', models.TextField(blank=True)),
                ('failed', models.TextField(blank=True)),
                ('good_until', models.DateTimeField()),
            ],
            options={
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['probe', '-id'], name='ledger_newest')],
            },
        ),
    ]
