"""The tables of access as they were on 2026-11-26; in place of 5 steps before the first release."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('access', '0001_initial'), ('access', '0002_codes'), ('access', '0003_restriction'), ('access', '0004_signins'), ('access', '0005_leases')]

    initial = True

    dependencies = [
        ('people', '0001_start'),
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(blank=True, max_length=254, null=True, unique=True)),
                ('is_active', models.BooleanField(default=True)),
                ('created', models.DateTimeField()),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='account', to='people.person')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ChromeosSalt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created', models.DateTimeField()),
                ('ended', models.DateTimeField(blank=True, null=True)),
                ('salt', models.CharField(max_length=32)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended__isnull', True)), fields=('salt',), name='access_one_live_salt'), models.CheckConstraint(condition=models.Q(('ended__isnull', True), ('ended__gte', models.F('created')), _connector='OR'), name='access_salt_life')],
            },
        ),
        migrations.CreateModel(
            name='CodeAsk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handle', models.CharField(max_length=43, unique=True)),
                ('typed', models.CharField(blank=True, max_length=254)),
                ('place', models.CharField(max_length=64)),
                ('by', models.CharField(choices=[('email', 'Email'), ('sms', 'Sms')], max_length=10)),
                ('language', models.CharField(max_length=10)),
                ('people', models.JSONField(default=list)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('created', models.DateTimeField()),
                ('expires', models.DateTimeField()),
                ('due', models.DateTimeField(null=True)),
                ('used', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('due__isnull', False)), fields=['due'], name='access_code_due'), models.Index(fields=['place', 'created'], name='access_code_place'), models.Index(fields=['created'], name='access_code_age')],
            },
        ),
        migrations.CreateModel(
            name='DohToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created', models.DateTimeField()),
                ('ended', models.DateTimeField(blank=True, null=True)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('label', models.CharField(blank=True, max_length=200)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.person')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RadiusClient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created', models.DateTimeField()),
                ('ended', models.DateTimeField(blank=True, null=True)),
                ('name', models.CharField(max_length=100)),
                ('cidr', models.CharField(max_length=50)),
                ('secret', models.CharField(max_length=500)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended__isnull', True)), fields=('cidr',), name='access_one_live_nas')],
            },
        ),
        migrations.CreateModel(
            name='AddressRange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created', models.DateTimeField()),
                ('ended', models.DateTimeField(blank=True, null=True)),
                ('cidr', models.CharField(max_length=50)),
                ('place', models.CharField(blank=True, max_length=200)),
                ('audience', models.CharField(blank=True, choices=[('student', 'Student'), ('adult', 'Adult'), ('unknown', 'Unknown')], max_length=10)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='people.person')),
                ('school', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='people.school')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended__isnull', True)), fields=('cidr',), name='access_one_live_range'), models.CheckConstraint(condition=models.Q(('person__isnull', True), ('audience', ''), _connector='XOR'), name='access_range_person_or_audience')],
            },
        ),
        migrations.CreateModel(
            name='Identity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('issuer', models.CharField(max_length=255)),
                ('subject', models.CharField(max_length=255)),
                ('created', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identities', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'identities',
                'constraints': [models.UniqueConstraint(fields=('issuer', 'subject'), name='access_identity_once'), models.UniqueConstraint(fields=('issuer', 'account'), name='access_one_identity_each')],
            },
        ),
        migrations.CreateModel(
            name='Lease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created', models.DateTimeField()),
                ('ended', models.DateTimeField(blank=True, null=True)),
                ('address', models.CharField(max_length=45)),
                ('by', models.CharField(choices=[('agent', 'Agent'), ('radius', 'Radius'), ('signin', 'Signin')], max_length=10)),
                ('shared', models.BooleanField(default=False)),
                ('until', models.DateTimeField()),
                ('tie', models.CharField(blank=True, max_length=300)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='leases', to='people.person')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended__isnull', True)), fields=['until'], name='access_lease_until'), models.Index(condition=models.Q(('ended__isnull', True)), fields=['tie'], name='access_lease_tie'), models.Index(fields=['person', 'created'], name='access_lease_of')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended__isnull', True)), fields=('address',), name='access_one_live_lease'), models.CheckConstraint(condition=models.Q(('ended__isnull', True), ('ended__gte', models.F('created')), _connector='OR'), name='access_lease_life')],
            },
        ),
        migrations.CreateModel(
            name='LetterCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('created', models.DateTimeField()),
                ('expires', models.DateTimeField()),
                ('used', models.DateTimeField(null=True)),
                ('ended', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letter_codes', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended__isnull', True), ('used__isnull', True)), fields=('person',), name='access_one_live_letter')],
            },
        ),
        migrations.CreateModel(
            name='ProxyLogin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created', models.DateTimeField()),
                ('ended', models.DateTimeField(blank=True, null=True)),
                ('name', models.CharField(max_length=150)),
                ('hash', models.CharField(max_length=200)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended__isnull', True)), fields=('name',), name='access_one_live_login')],
            },
        ),
        migrations.CreateModel(
            name='RadiusSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nas', models.CharField(max_length=253)),
                ('session', models.CharField(max_length=253)),
                ('mac', models.CharField(blank=True, max_length=12)),
                ('user', models.CharField(blank=True, max_length=253)),
                ('machine', models.BooleanField(default=False)),
                ('address', models.CharField(blank=True, max_length=45)),
                ('started', models.DateTimeField()),
                ('seen', models.DateTimeField()),
                ('ended', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='people.person')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended__isnull', True)), fields=['nas'], name='access_radius_live')],
                'constraints': [models.UniqueConstraint(fields=('nas', 'session'), name='access_radius_session_once')],
            },
        ),
        migrations.CreateModel(
            name='Restriction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('suspension', 'Suspension'), ('cancellation', 'Cancellation')], max_length=12)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField(blank=True, null=True)),
                ('reason', models.TextField()),
                ('decided_by', models.CharField(max_length=100)),
                ('decided_name', models.CharField(max_length=200)),
                ('decided_at', models.DateTimeField()),
                ('appeal', models.TextField(blank=True)),
                ('appealed_at', models.DateTimeField(blank=True, null=True)),
                ('appealed_by', models.CharField(blank=True, max_length=100)),
                ('lifted_on', models.DateField(blank=True, null=True)),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
                ('lifted_by', models.CharField(blank=True, max_length=100)),
                ('lifted_name', models.CharField(blank=True, max_length=200)),
                ('lifted_why', models.TextField(blank=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='restrictions', to='people.person')),
            ],
            options={
                'ordering': ('-first_day', '-id'),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'cancellation'), ('last_day__isnull', True)), models.Q(('kind', 'suspension'), ('last_day__gte', models.F('first_day'))), _connector='OR'), name='access_restriction_days')],
            },
        ),
        migrations.CreateModel(
            name='Sitting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, unique=True)),
                ('way', models.CharField(blank=True, max_length=60)),
                ('browser', models.CharField(blank=True, max_length=60)),
                ('created', models.DateTimeField()),
                ('ended', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sittings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['account', 'ended'], name='access_sitting_of')],
            },
        ),
    ]
