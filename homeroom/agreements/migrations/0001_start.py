"""The tables of agreements as they were on 2026-11-26; in place of 4 steps before the first release."""

import uuid

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from homeroom.agreements import guard


def set_up(apps, schema_editor):
    """325L.12: the database itself refuses to change a signature."""
    for statement in guard.make(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def take_down(apps, schema_editor):
    for statement in guard.drop(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    replaces = [('agreements', '0001_agreements'), ('agreements', '0002_signatures_stay'), ('agreements', '0003_papers'), ('agreements', '0004_reminders')]

    initial = True

    dependencies = [
        ('people', '0001_start'),
    ]

    operations = [
        migrations.CreateModel(
            name='Form',
            fields=[
                ('kind', models.CharField(choices=[('student', 'Student'), ('employee', 'Employee')], max_length=10, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='Choice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_day', models.DateField()),
                ('guardians', models.CharField(choices=[('one', 'One'), ('all', 'All')], default='one', max_length=3)),
                ('teachers', models.CharField(choices=[('one', 'One'), ('all', 'All')], default='all', max_length=3)),
                ('grown_alone', models.BooleanField(default=True)),
                ('grace_days', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(5)])),
                ('renewal_days', models.PositiveSmallIntegerField(default=30)),
                ('year_begins', models.CharField(default='07-01', max_length=5)),
                ('decision', models.CharField(blank=True, max_length=300)),
                ('reason', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('by_name', models.CharField(max_length=200)),
            ],
            options={
                'ordering': ('-from_day', '-id'),
                'constraints': [models.CheckConstraint(condition=models.Q(('grace_days__lte', 5)), name='agreements_grace_limit'), models.CheckConstraint(condition=models.Q(('grace_days', 0), models.Q(('decision', ''), _negated=True), _connector='OR'), name='agreements_grace_decided')],
            },
        ),
        migrations.CreateModel(
            name='KioskVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('how', models.CharField(max_length=200)),
                ('opened_by', models.CharField(max_length=100)),
                ('opened_name', models.CharField(max_length=200)),
                ('opened_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kiosk_visits', to='people.person')),
            ],
            options={
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='Sitting',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('language', models.CharField(max_length=35)),
                ('method', models.CharField(choices=[('code_email', 'Code Email'), ('code_sms', 'Code Sms'), ('code_letter', 'Code Letter'), ('single_sign_on', 'Single Sign On'), ('passkey', 'Passkey'), ('password', 'Password'), ('session', 'Session'), ('in_person', 'In Person'), ('paper', 'Paper')], max_length=20)),
                ('detail', models.CharField(max_length=300)),
                ('consented_at', models.DateTimeField()),
                ('signatures', models.JSONField(default=list)),
                ('mail_due', models.DateTimeField(blank=True, null=True)),
                ('mailed_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sittings', to='people.person')),
            ],
            options={
                'ordering': ('-consented_at',),
                'indexes': [models.Index(condition=models.Q(('mail_due__isnull', False)), fields=['mail_due'], name='agreements_mail_due'), models.Index(fields=['person', 'consented_at'], name='agreements_sitting_person')],
            },
        ),
        migrations.CreateModel(
            name='Termination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(blank=True)),
                ('requested_at', models.DateTimeField()),
                ('requested_by', models.CharField(max_length=100)),
                ('authority', models.CharField(blank=True, max_length=300)),
                ('checked_at', models.DateTimeField(blank=True, null=True)),
                ('checked_by', models.CharField(blank=True, max_length=100)),
                ('executed_on', models.DateField(blank=True, null=True)),
                ('executed_at', models.DateTimeField(blank=True, null=True)),
                ('declined_at', models.DateTimeField(blank=True, null=True)),
                ('declined_why', models.TextField(blank=True)),
                ('reversed_on', models.DateField(blank=True, null=True)),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terminations', to='people.person')),
                ('guardian', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asked_terminations', to='people.person')),
                ('reversed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'ordering': ('-id',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('executed_on__isnull', False), ('reversed_on__isnull', True)), fields=('child',), name='agreements_one_termination')],
            },
        ),
        migrations.CreateModel(
            name='Alternative',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(choices=[('all', 'All'), ('tools', 'Tools'), ('assignments', 'Assignments')], max_length=12)),
                ('words', models.TextField(blank=True)),
                ('requested_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('plan', models.TextField(blank=True)),
                ('neutrality', models.TextField(blank=True)),
                ('offered_at', models.DateTimeField(blank=True, null=True)),
                ('explanation', models.TextField(blank=True)),
                ('explained_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, max_length=10)),
                ('answer_words', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('from_day', models.DateField(blank=True, null=True)),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('ended_why', models.TextField(blank=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asked_alternatives', to='people.person')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alternatives', to='people.person')),
                ('teacher', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='people.person')),
            ],
            options={
                'ordering': ('-id',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True), ('scope', 'all')), fields=('student', 'scope'), name='agreements_one_alternative'), models.CheckConstraint(condition=models.Q(models.Q(('offered_at__isnull', False), _negated=True), models.Q(('plan', ''), _negated=True), _connector='OR'), name='agreements_offer_plan')],
            },
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField()),
                ('last_day', models.DateField(blank=True, null=True)),
                ('opened_at', models.DateTimeField()),
                ('closed_on', models.DateField(blank=True, null=True)),
                ('closed_why', models.CharField(blank=True, max_length=30)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='people.person')),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='agreements.form')),
            ],
            options={
                'ordering': ('-first_day', '-id'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_on__isnull', True)), fields=('person', 'form', 'first_day'), name='agreements_one_open'), models.CheckConstraint(condition=models.Q(('last_day__isnull', True), ('last_day__gte', models.F('first_day')), _connector='OR'), name='agreements_days')],
            },
        ),
        migrations.CreateModel(
            name='FormVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('material', models.BooleanField(default=True)),
                ('term', models.CharField(choices=[('school_year', 'School Year'), ('until_leaving', 'Until Leaving')], default='school_year', max_length=20)),
                ('changes', models.TextField(blank=True)),
                ('sha256', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('by_name', models.CharField(max_length=200)),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='agreements.form')),
            ],
            options={
                'ordering': ('form_id', '-number'),
                'constraints': [models.UniqueConstraint(fields=('form', 'number'), name='agreements_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Filing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('agreement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='filing', to='agreements.agreement')),
                ('school', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='filings', to='people.school')),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='Permission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(blank=True, max_length=300)),
                ('on', models.DateField()),
                ('at', models.DateTimeField()),
                ('withdrawn_on', models.DateField(blank=True, null=True)),
                ('withdrawn_by', models.CharField(blank=True, max_length=100)),
                ('withdrawn_why', models.TextField(blank=True)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='permissions', to='agreements.agreement')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='permitted', to='people.person')),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('student', 'student'), ('parent', 'parent'), ('teacher', 'teacher'), ('employee', 'employee')], max_length=10)),
                ('opened_on', models.DateField()),
                ('closed_on', models.DateField(blank=True, null=True)),
                ('closed_why', models.CharField(blank=True, max_length=30)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='agreements.agreement')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='people.person')),
            ],
            options={
                'ordering': ('id',),
                'indexes': [models.Index(fields=['holder', 'part'], name='agreements_slot_holder')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_on__isnull', True)), fields=('agreement', 'part', 'holder'), name='agreements_slot_once'), models.CheckConstraint(condition=models.Q(('part__in', ['student', 'parent', 'teacher', 'employee'])), name='agreements_slot_part')],
            },
        ),
        migrations.CreateModel(
            name='FormText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=35)),
                ('title', models.CharField(max_length=300)),
                ('body', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='agreements.formversion')),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.UniqueConstraint(fields=('version', 'language'), name='agreements_text_once')],
            },
        ),
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('pages', models.PositiveSmallIntegerField()),
                ('by', models.CharField(max_length=100)),
                ('by_name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('done_why', models.CharField(blank=True, max_length=200)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='agreements.agreement')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='agreements.formversion')),
            ],
            options={
                'ordering': ('id',),
                'indexes': [models.Index(condition=models.Q(('done_at__isnull', True)), fields=['id'], name='agreements_scan_waits')],
                'constraints': [models.UniqueConstraint(fields=('sha256', 'agreement'), name='agreements_scan_once')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('stopped', models.CharField(blank=True, max_length=20)),
                ('slot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='agreements.slot')),
            ],
            options={
                'ordering': ('id',),
                'indexes': [models.Index(condition=models.Q(('sent_at__isnull', True), ('stopped', '')), fields=['id'], name='agreements_to_remind')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('sent_at__isnull', True), ('stopped', '')), fields=('slot',), name='agreements_one_reminder')],
            },
        ),
        migrations.CreateModel(
            name='Refusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('on', models.DateField()),
                ('at', models.DateTimeField()),
                ('taken_back_on', models.DateField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refusals', to='people.person')),
                ('slot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refusals', to='agreements.slot')),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('taken_back_on__isnull', True)), fields=('slot',), name='agreements_one_refusal')],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text_sha256', models.CharField(max_length=64)),
                ('method', models.CharField(choices=[('code_email', 'Code Email'), ('code_sms', 'Code Sms'), ('code_letter', 'Code Letter'), ('single_sign_on', 'Single Sign On'), ('passkey', 'Passkey'), ('password', 'Password'), ('session', 'Session'), ('in_person', 'In Person'), ('paper', 'Paper')], max_length=20)),
                ('detail', models.CharField(max_length=300)),
                ('electronic', models.BooleanField()),
                ('intent', models.CharField(max_length=500)),
                ('typed_name', models.CharField(blank=True, max_length=200)),
                ('drawing', models.BinaryField(blank=True, default=b'')),
                ('on', models.DateField()),
                ('signed_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('place', models.CharField(max_length=200)),
                ('attached_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attached', to='agreements.signature')),
                ('attested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attested', to='people.person')),
                ('signer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='people.person')),
                ('text', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='agreements.formtext')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='agreements.formversion')),
                ('slot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='agreements.slot')),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.UniqueConstraint(fields=('slot', 'version'), name='agreements_signed_once'), models.CheckConstraint(condition=models.Q(models.Q(('typed_name', ''), _negated=True), ('attested_by__isnull', False), _connector='OR'), name='agreements_name_or_mark')],
            },
        ),
        migrations.CreateModel(
            name='SealedPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sealed', to='agreements.agreement')),
                ('attachment', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sealed_attachment', to='agreements.signature')),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('attachment__isnull', True)), fields=('agreement',), name='agreements_one_original')],
            },
        ),
        migrations.CreateModel(
            name='PaperRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=35)),
                ('name_on_paper', models.CharField(max_length=200)),
                ('signed_on', models.DateField()),
                ('scan', models.CharField(max_length=300)),
                ('recorded_by', models.CharField(max_length=100)),
                ('recorded_name', models.CharField(max_length=200)),
                ('recorded_at', models.DateTimeField()),
                ('checked_by', models.CharField(blank=True, max_length=100)),
                ('checked_name', models.CharField(blank=True, max_length=200)),
                ('checked_at', models.DateTimeField(blank=True, null=True)),
                ('rejected', models.TextField(blank=True)),
                ('attested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='agreements.formversion')),
                ('signature', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='paper_record', to='agreements.signature')),
                ('slot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='agreements.slot')),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.CheckConstraint(condition=models.Q(('checked_by', models.F('recorded_by')), _negated=True), name='agreements_two_pairs_of_eyes')],
            },
        ),
        migrations.RunPython(set_up, take_down, elidable=False),
    ]
