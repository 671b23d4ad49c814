"""The tables of board as they were on 2026-11-26; in place of 3 steps before the first release."""

import datetime

import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('board', '0001_initial'), ('board', '0002_addendum'), ('board', '0003_choices_and_reviews')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='FundingProfile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state_aid', models.BooleanField()),
                ('erate_access', models.BooleanField()),
                ('federal_other', models.BooleanField()),
                ('reason', models.TextField(blank=True)),
                ('from_day', models.DateField()),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('by_name', models.CharField(max_length=200)),
            ],
            options={
                'ordering': ('-from_day', '-id'),
            },
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('law', 'Law'), ('policy', 'Policy')], max_length=10)),
                ('citation', models.CharField(max_length=300, unique=True)),
                ('place', models.CharField(blank=True, max_length=300)),
                ('checked_on', models.DateField(blank=True, null=True)),
                ('note', models.TextField(blank=True)),
                ('by_name', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'ordering': ('kind', 'citation'),
            },
        ),
        migrations.CreateModel(
            name='Addendum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=200)),
                ('kind', models.CharField(max_length=30)),
                ('title', models.CharField(max_length=300)),
                ('sha256', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('drafted', 'Drafted'), ('submitted', 'Submitted'), ('returned', 'Returned'), ('approved', 'Approved')], default='drafted', max_length=10)),
                ('number', models.CharField(blank=True, max_length=12)),
                ('drafted_at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('by_name', models.CharField(max_length=200)),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('approved_on', models.DateField(blank=True, null=True)),
                ('minutes', models.CharField(blank=True, max_length=300)),
                ('effective_on', models.DateField(blank=True, null=True)),
                ('until_day', models.DateField(blank=True, null=True)),
                ('returned_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.TextField(blank=True)),
            ],
            options={
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['subject', 'effective_on'], name='board_addendum_subject')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['drafted', 'submitted', 'returned', 'approved'])), name='board_addendum_state'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('approved_on__isnull', False), ('effective_on__gte', models.F('approved_on')), models.Q(('minutes', ''), _negated=True), models.Q(('number', ''), _negated=True)), _connector='OR'), name='board_addendum_approved'), models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('number',), name='board_addendum_number'), models.UniqueConstraint(condition=models.Q(('state', 'returned'), _negated=True), fields=('subject', 'sha256'), name='board_addendum_once')],
            },
        ),
        migrations.CreateModel(
            name='AdoptedText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(blank=True, max_length=300)),
                ('file', models.CharField(max_length=255)),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('imported_at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('by_name', models.CharField(max_length=200)),
                ('notes', models.JSONField(default=list)),
                ('findings', models.JSONField(default=list)),
                ('unplaced', models.JSONField(default=list)),
                ('references', models.JSONField(default=list)),
                ('from_day', models.DateField(blank=True, null=True)),
                ('until_day', models.DateField(blank=True, null=True)),
                ('alternative', models.CharField(blank=True, max_length=20)),
                ('noticed_on', models.DateField(blank=True, null=True)),
                ('hearing_on', models.DateField(blank=True, null=True)),
                ('minutes', models.CharField(blank=True, max_length=300)),
                ('notice_where', models.CharField(blank=True, max_length=300)),
                ('voted_on', models.DateField(blank=True, null=True)),
                ('vote', models.CharField(blank=True, max_length=100)),
                ('options', models.JSONField(default=list)),
                ('adult_monitoring', models.BooleanField(default=True)),
                ('reason', models.TextField(blank=True)),
            ],
            options={
                'ordering': ('-id',),
                'constraints': [models.CheckConstraint(condition=models.Q(('until_day', None), ('until_day__gte', models.F('from_day')), _connector='OR'), name='board_text_days'), models.UniqueConstraint(django.db.models.functions.comparison.Coalesce('until_day', models.Value(datetime.date(9999, 12, 31))), condition=models.Q(('from_day__isnull', False)), name='board_one_text_a_day')],
            },
        ),
        migrations.CreateModel(
            name='ParameterValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('value', models.JSONField()),
                ('from_day', models.DateField()),
                ('source', models.CharField(blank=True, max_length=300)),
                ('reason', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('by_name', models.CharField(max_length=200)),
            ],
            options={
                'ordering': ('name', '-from_day', '-id'),
                'indexes': [models.Index(fields=['name', '-from_day', '-id'], name='board_parameter_newest')],
            },
        ),
        migrations.CreateModel(
            name='Reread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('change', models.CharField(max_length=40)),
                ('what', models.CharField(max_length=200)),
                ('fits', models.BooleanField()),
                ('note', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('by_name', models.CharField(max_length=200)),
            ],
            options={
                'ordering': ('-id',),
                'constraints': [models.UniqueConstraint(fields=('change', 'what'), name='board_reread_once')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('by_name', models.CharField(max_length=200)),
                ('held_on', models.DateField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('reaffirmed', 'Reaffirmed'), ('amended', 'Amended')], max_length=10)),
                ('minutes', models.CharField(blank=True, max_length=300)),
                ('packet_sha256', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'ordering': ('-id',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('held_on', None), ('outcome', '')), models.Q(('held_on__isnull', False), ('outcome__in', ('reaffirmed', 'amended')), models.Q(('minutes', ''), _negated=True)), _connector='OR'), name='board_review_whole'), models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('outcome',), name='board_one_review_open')],
            },
        ),
        migrations.CreateModel(
            name='PlacedClause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField()),
                ('clause', models.CharField(max_length=60)),
                ('title', models.TextField(blank=True)),
                ('words', models.TextField(blank=True)),
                ('lead_in', models.TextField(blank=True)),
                ('closing', models.TextField(blank=True)),
                ('fingerprint', models.CharField(max_length=16)),
                ('first_line', models.PositiveIntegerField()),
                ('last_line', models.PositiveIntegerField()),
                ('optional', models.BooleanField(default=False)),
                ('struck', models.JSONField(default=list)),
                ('text', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clauses', to='board.adoptedtext')),
            ],
            options={
                'ordering': ('place',),
                'indexes': [models.Index(fields=['text', 'clause'], name='board_by_clause')],
                'constraints': [models.UniqueConstraint(fields=('text', 'place'), name='board_place_once')],
            },
        ),
    ]
