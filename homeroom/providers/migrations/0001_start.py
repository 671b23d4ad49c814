"""The tables of providers as they were on 2026-11-26; in place of 1 steps before the first release."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('providers', '0001_initial')]

    initial = True

    dependencies = [
        ('people', '0001_start'),
    ]

    operations = [
        migrations.CreateModel(
            name='Provider',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('product', models.CharField(max_length=200)),
                ('website', models.URLField(blank=True, max_length=500)),
                ('domains', models.JSONField(default=list)),
                ('purpose', models.TextField(blank=True)),
                ('gives_device', models.BooleanField(default=False)),
                ('holds_data', models.BooleanField(default=False)),
                ('used_for', models.JSONField(default=list)),
                ('data', models.JSONField(default=list)),
                ('under_13', models.BooleanField(default=False)),
                ('advertising', models.BooleanField(default=False)),
                ('exemption', models.CharField(blank=True, max_length=200)),
                ('citation', models.CharField(blank=True, max_length=300)),
                ('rationale', models.TextField(blank=True)),
                ('subprocessors', models.TextField(blank=True)),
                ('incident_contact', models.CharField(blank=True, max_length=300)),
                ('rating', models.CharField(blank=True, max_length=200)),
                ('made_at', models.DateTimeField()),
                ('classified_at', models.DateTimeField(blank=True, null=True)),
                ('classified_by', models.CharField(blank=True, max_length=100)),
                ('refused_at', models.DateTimeField(blank=True, null=True)),
                ('refused_reason', models.TextField(blank=True)),
            ],
            options={
                'ordering': ('name', 'product'),
                'indexes': [models.Index(fields=['name', 'product'], name='providers_by_name')],
            },
        ),
        migrations.CreateModel(
            name='Contract',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('state', models.CharField(choices=[('review', 'Review'), ('active', 'Active'), ('refused', 'Refused'), ('closed', 'Closed')], default='review', max_length=10)),
                ('renewal_expected', models.BooleanField(default=False)),
                ('renewal_decided_by', models.DateField(blank=True, null=True)),
                ('made_at', models.DateTimeField()),
                ('active_at', models.DateTimeField(blank=True, null=True)),
                ('active_by', models.CharField(blank=True, max_length=100)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.TextField(blank=True)),
                ('hearing_on', models.DateField(blank=True, null=True)),
                ('finding', models.TextField(blank=True)),
                ('parents_told_on', models.DateField(blank=True, null=True)),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='providers.provider')),
            ],
            options={
                'ordering': ('-starts_on', '-id'),
                'indexes': [models.Index(fields=['state', 'ends_on'], name='providers_contract_ends')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='providers_contract_days'), models.CheckConstraint(condition=models.Q(('state__in', ['review', 'active', 'refused', 'closed'])), name='providers_contract_state')],
            },
        ),
        migrations.CreateModel(
            name='Breach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('discovered_at', models.DateTimeField()),
                ('told_at', models.DateTimeField()),
                ('what', models.TextField()),
                ('data', models.JSONField(default=list)),
                ('students', models.PositiveIntegerField(blank=True, null=True)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.TextField(blank=True)),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='breaches', to='providers.provider')),
            ],
            options={
                'verbose_name_plural': 'breaches',
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='ContractFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('contract', 'Contract'), ('amendment', 'Amendment'), ('exhibit', 'Exhibit'), ('terms', 'Terms'), ('certificate', 'Certificate'), ('attestation', 'Attestation')], max_length=12)),
                ('title', models.CharField(max_length=200)),
                ('name', models.CharField(max_length=255)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField()),
                ('added_at', models.DateTimeField()),
                ('added_by', models.CharField(max_length=100)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='providers.contract')),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.UniqueConstraint(fields=('contract', 'sha256', 'kind'), name='providers_file_once')],
            },
        ),
        migrations.CreateModel(
            name='Inspection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wish', models.TextField(blank=True)),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.CharField(blank=True, max_length=100)),
                ('answer', models.TextField(blank=True)),
                ('citation', models.CharField(blank=True, max_length=300)),
                ('denied', models.BooleanField(default=False)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inspections', to='providers.contract')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inspections', to='people.person')),
            ],
            options={
                'ordering': ('-id',),
                'constraints': [models.CheckConstraint(condition=models.Q(('denied', False), models.Q(('citation', ''), _negated=True), _connector='OR'), name='providers_denied_by_law'), models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('contract', 'person'), name='providers_asked_once')],
            },
        ),
        migrations.CreateModel(
            name='OptOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opt_outs', to='providers.contract')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='advertising_opt_outs', to='people.person')),
            ],
            options={
                'ordering': ('-id',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('contract', 'student'), name='providers_opt_out_once')],
            },
        ),
        migrations.CreateModel(
            name='Override',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('terms', models.JSONField(default=list)),
                ('reason', models.TextField()),
                ('until', models.DateField()),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('by_name', models.CharField(max_length=200)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrides', to='providers.contract')),
            ],
            options={
                'ordering': ('-id',),
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='providers_override_why')],
            },
        ),
        migrations.CreateModel(
            name='Redaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('citation', models.CharField(max_length=300)),
                ('reason', models.TextField()),
                ('decided_by', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='redaction', to='providers.contractfile')),
                ('shown', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='providers.contractfile')),
            ],
        ),
        migrations.CreateModel(
            name='TermFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.CharField(max_length=30)),
                ('outcome', models.CharField(max_length=12)),
                ('page', models.CharField(blank=True, max_length=40)),
                ('quotation', models.TextField(blank=True)),
                ('note', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('by_name', models.CharField(max_length=200)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='providers.contract')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='providers.contractfile')),
            ],
            options={
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['contract', 'term', 'id'], name='providers_finding_latest')],
            },
        ),
    ]
