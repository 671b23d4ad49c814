"""The tables of people as they were on 2026-11-26; in place of 4 steps before the first release."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('people', '0001_initial'), ('people', '0002_rosters'), ('people', '0003_board_roles'), ('people', '0004_roster_runs')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='District',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('time_zone', models.CharField(default='America/Chicago', max_length=60)),
                ('language', models.CharField(default='en', max_length=10)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='people_one_district')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('source', models.CharField(blank=True, default='', max_length=60)),
                ('external', models.CharField(blank=True, default='', max_length=420)),
                ('modified', models.CharField(blank=True, default='', max_length=27)),
                ('id', models.CharField(max_length=100, primary_key=True, serialize=False, validators=[django.core.validators.RegexValidator('\\A[A-Za-z0-9][A-Za-z0-9._@+:-]{0,99}\\Z', 'An id has letters, digits and . _ @ + : - only, begins with a letter or digit, and is at most 100 long.')])),
                ('given_name', models.CharField(max_length=100)),
                ('family_name', models.CharField(blank=True, max_length=100)),
                ('preferred_name', models.CharField(blank=True, max_length=100)),
                ('birth_date', models.DateField(blank=True, null=True)),
                ('email', models.CharField(blank=True, max_length=254)),
                ('home_language', models.CharField(blank=True, max_length=35)),
                ('username', models.CharField(blank=True, default='', max_length=100)),
                ('phone', models.CharField(blank=True, default='', max_length=40)),
                ('extras', models.JSONField(blank=True, null=True)),
            ],
            options={
                'ordering': ('family_name', 'given_name', 'id'),
                'indexes': [models.Index(fields=['external', 'source'], name='people_person_source'), models.Index(django.db.models.functions.text.Lower('email'), name='people_by_small_email'), models.Index(fields=['family_name', 'given_name', 'id'], name='people_by_name'), models.Index(condition=models.Q(('email', ''), _negated=True), fields=['email'], name='people_by_email')],
            },
        ),
        migrations.CreateModel(
            name='RosterConnection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.SlugField(max_length=60, unique=True)),
                ('url', models.URLField(max_length=500)),
                ('token_url', models.URLField(max_length=500)),
                ('version', models.CharField(choices=[('1.1', 'OneRoster 1.1'), ('1.2', 'OneRoster 1.2')], max_length=3)),
                ('client_id', models.CharField(max_length=300)),
                ('secret', models.TextField()),
                ('every_hours', models.PositiveIntegerField(default=24)),
                ('since', models.CharField(blank=True, default='', max_length=30)),
                ('whole_at', models.DateTimeField(blank=True, null=True)),
                ('next_at', models.DateTimeField(blank=True, null=True)),
                ('ended', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('name',),
                'indexes': [models.Index(condition=models.Q(('ended', None)), fields=['next_at'], name='people_connection_next')],
            },
        ),
        migrations.CreateModel(
            name='School',
            fields=[
                ('source', models.CharField(blank=True, default='', max_length=60)),
                ('external', models.CharField(blank=True, default='', max_length=420)),
                ('modified', models.CharField(blank=True, default='', max_length=27)),
                ('id', models.CharField(max_length=100, primary_key=True, serialize=False, validators=[django.core.validators.RegexValidator('\\A[A-Za-z0-9][A-Za-z0-9._@+:-]{0,99}\\Z', 'An id has letters, digits and . _ @ + : - only, begins with a letter or digit, and is at most 100 long.')])),
                ('name', models.CharField(max_length=200)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField(blank=True, null=True)),
                ('extras', models.JSONField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['external', 'source'], name='people_school_source')],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__isnull', True), ('last_day__gte', models.F('first_day')), _connector='OR'), name='people_school_days')],
            },
        ),
        migrations.CreateModel(
            name='Class',
            fields=[
                ('source', models.CharField(blank=True, default='', max_length=60)),
                ('external', models.CharField(blank=True, default='', max_length=420)),
                ('modified', models.CharField(blank=True, default='', max_length=27)),
                ('id', models.CharField(max_length=100, primary_key=True, serialize=False, validators=[django.core.validators.RegexValidator('\\A[A-Za-z0-9][A-Za-z0-9._@+:-]{0,99}\\Z', 'An id has letters, digits and . _ @ + : - only, begins with a letter or digit, and is at most 100 long.')])),
                ('title', models.CharField(max_length=200)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField(blank=True, null=True)),
                ('extras', models.JSONField(blank=True, null=True)),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='classes', to='people.school')),
            ],
            options={
                'verbose_name_plural': 'classes',
                'indexes': [models.Index(fields=['external', 'source'], name='people_class_source')],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__isnull', True), ('last_day__gte', models.F('first_day')), _connector='OR'), name='people_class_days')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('source', models.CharField(blank=True, default='', max_length=60)),
                ('external', models.CharField(blank=True, default='', max_length=420)),
                ('modified', models.CharField(blank=True, default='', max_length=27)),
                ('id', models.CharField(max_length=100, primary_key=True, serialize=False, validators=[django.core.validators.RegexValidator('\\A[A-Za-z0-9][A-Za-z0-9._@+:-]{0,99}\\Z', 'An id has letters, digits and . _ @ + : - only, begins with a letter or digit, and is at most 100 long.')])),
                ('title', models.CharField(max_length=200)),
                ('kind', models.CharField(blank=True, max_length=30)),
                ('school_year', models.CharField(blank=True, max_length=10)),
                ('first_day', models.DateField(blank=True, null=True)),
                ('last_day', models.DateField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['external', 'source'], name='people_session_source')],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__isnull', True), ('last_day__gte', models.F('first_day')), _connector='OR'), name='people_session_days')],
            },
        ),
        migrations.CreateModel(
            name='Supervision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(blank=True, default='', max_length=60)),
                ('external', models.CharField(blank=True, default='', max_length=420)),
                ('modified', models.CharField(blank=True, default='', max_length=27)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField(blank=True, null=True)),
                ('employee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supervisions', to='people.person')),
                ('supervisor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supervised', to='people.person')),
            ],
            options={
                'indexes': [models.Index(fields=['external', 'source'], name='people_supervision_source')],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__isnull', True), ('last_day__gte', models.F('first_day')), _connector='OR'), name='people_supervision_days')],
            },
        ),
        migrations.CreateModel(
            name='OtherId',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=60)),
                ('external', models.CharField(max_length=200)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='other_ids', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('external', 'source'), name='people_other_id_once')],
            },
        ),
        migrations.CreateModel(
            name='Guardianship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(blank=True, default='', max_length=60)),
                ('external', models.CharField(blank=True, default='', max_length=420)),
                ('modified', models.CharField(blank=True, default='', max_length=27)),
                ('relationship', models.CharField(choices=[('parent', 'Parent'), ('guardian', 'Guardian'), ('acting_as_parent', 'Acting As Parent'), ('relative', 'Relative'), ('emergency', 'Emergency'), ('other', 'Other')], max_length=20)),
                ('legal_custody', models.BooleanField(blank=True, null=True)),
                ('lives_with', models.BooleanField(blank=True, null=True)),
                ('receives_mail', models.BooleanField(blank=True, null=True)),
                ('portal_access', models.BooleanField(blank=True, null=True)),
                ('court_order', models.BooleanField(blank=True, null=True)),
                ('priority', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField(blank=True, null=True)),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guardianships', to='people.person')),
                ('guardian', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='children', to='people.person')),
            ],
            options={
                'indexes': [models.Index(fields=['external', 'source'], name='people_guardianship_source')],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__isnull', True), ('last_day__gte', models.F('first_day')), _connector='OR'), name='people_guardianship_days'), models.CheckConstraint(condition=models.Q(('child', models.F('guardian')), _negated=True), name='people_nobody_guards_themselves')],
            },
        ),
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(blank=True, default='', max_length=60)),
                ('external', models.CharField(blank=True, default='', max_length=420)),
                ('modified', models.CharField(blank=True, default='', max_length=27)),
                ('flag', models.CharField(choices=[('iep', 'Iep'), ('section504', 'Section 504'), ('ifsp', 'Ifsp')], max_length=12)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='flags', to='people.person')),
            ],
            options={
                'indexes': [models.Index(fields=['external', 'source'], name='people_flag_source')],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__isnull', True), ('last_day__gte', models.F('first_day')), _connector='OR'), name='people_flag_days')],
            },
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(blank=True, default='', max_length=60)),
                ('external', models.CharField(blank=True, default='', max_length=420)),
                ('modified', models.CharField(blank=True, default='', max_length=27)),
                ('role', models.CharField(choices=[('student', 'Student'), ('teacher', 'Teacher')], max_length=10)),
                ('primary', models.BooleanField(default=False)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField(blank=True, null=True)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='people.class')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='people.person')),
            ],
            options={
                'indexes': [models.Index(fields=['external', 'source'], name='people_enrolment_source')],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__isnull', True), ('last_day__gte', models.F('first_day')), _connector='OR'), name='people_enrolment_days')],
            },
        ),
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(blank=True, default='', max_length=60)),
                ('external', models.CharField(blank=True, default='', max_length=420)),
                ('modified', models.CharField(blank=True, default='', max_length=27)),
                ('kind', models.CharField(choices=[('home', 'Home'), ('mailing', 'Mailing')], max_length=10)),
                ('street', models.CharField(blank=True, max_length=410)),
                ('city', models.CharField(blank=True, max_length=100)),
                ('state', models.CharField(blank=True, max_length=50)),
                ('postal_code', models.CharField(blank=True, max_length=20)),
                ('country', models.CharField(blank=True, max_length=50)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='addresses', to='people.person')),
            ],
            options={
                'verbose_name_plural': 'addresses',
                'indexes': [models.Index(fields=['external', 'source'], name='people_address_source')],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__isnull', True), ('last_day__gte', models.F('first_day')), _connector='OR'), name='people_address_days')],
            },
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(blank=True, default='', max_length=60)),
                ('external', models.CharField(blank=True, default='', max_length=420)),
                ('modified', models.CharField(blank=True, default='', max_length=27)),
                ('channel', models.CharField(blank=True, choices=[('email', 'Email'), ('sms', 'Sms'), ('letter', 'Letter')], max_length=10)),
                ('interpreter', models.BooleanField(blank=True, null=True)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='preference', to='people.person')),
            ],
            options={
                'indexes': [models.Index(fields=['external', 'source'], name='people_preference_source')],
            },
        ),
        migrations.CreateModel(
            name='RosterRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200)),
                ('whole', models.BooleanField(default=True)),
                ('by_itself', models.BooleanField(default=False)),
                ('options', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('reading', 'Reading'), ('shown', 'Shown'), ('confirmed', 'Confirmed'), ('loading', 'Loading'), ('loaded', 'Loaded'), ('let_go', 'Let Go'), ('failed', 'Failed')], default='asked', max_length=10)),
                ('report', models.JSONField(blank=True, null=True)),
                ('trouble', models.TextField(blank=True, default='')),
                ('asked_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('by_name', models.CharField(max_length=200)),
                ('connection', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='people.rosterconnection')),
            ],
            options={
                'ordering': ('-id',),
                'indexes': [models.Index(condition=models.Q(('state__in', ('asked', 'confirmed'))), fields=['state', 'id'], name='people_run_open')],
            },
        ),
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(blank=True, default='', max_length=60)),
                ('external', models.CharField(blank=True, default='', max_length=420)),
                ('modified', models.CharField(blank=True, default='', max_length=27)),
                ('role', models.CharField(choices=[('student', 'Student'), ('teacher', 'Teacher'), ('clerk', 'Clerk'), ('building_administrator', 'Building Administrator'), ('technology_director', 'Technology Director'), ('superintendent', 'Superintendent'), ('board_clerk', 'Board Clerk'), ('employee', 'Employee'), ('guardian', 'Guardian')], max_length=30)),
                ('grade', models.CharField(blank=True, max_length=10)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roles', to='people.person')),
                ('school', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='roles', to='people.school')),
            ],
            options={
                'indexes': [models.Index(fields=['role', 'school'], name='people_role_where'), models.Index(fields=['external', 'source'], name='people_role_source')],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__isnull', True), ('last_day__gte', models.F('first_day')), _connector='OR'), name='people_role_days'), models.CheckConstraint(condition=models.Q(('role__in', ['student', 'teacher', 'clerk', 'building_administrator', 'technology_director', 'superintendent', 'board_clerk', 'employee', 'guardian'])), name='people_role_known')],
            },
        ),
        migrations.CreateModel(
            name='Org',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=60)),
                ('external', models.CharField(max_length=200)),
                ('school', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orgs', to='people.school')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('external', 'source'), name='people_org_once')],
            },
        ),
    ]
