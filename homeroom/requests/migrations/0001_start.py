"""The tables of requests for records."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_start'),
    ]

    operations = [
        migrations.CreateModel(
            name='DataRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wants', models.JSONField(default=list)),
                ('words', models.TextField(blank=True, default='')),
                ('asked_at', models.DateTimeField()),
                ('entered_by', models.CharField(blank=True, default='', max_length=200)),
                ('entered_by_name', models.CharField(blank=True, default='', max_length=200)),
                ('identity', models.TextField(blank=True, default='')),
                ('authority', models.TextField(blank=True, default='')),
                ('authority_at', models.DateTimeField(blank=True, null=True)),
                ('authority_by_name', models.CharField(blank=True, default='', max_length=200)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_by_name', models.CharField(blank=True, default='', max_length=200)),
                ('outcome', models.CharField(blank=True, choices=[('given', 'Given'), ('partly', 'Partly'), ('refused', 'Refused')], default='', max_length=10)),
                ('answer', models.TextField(blank=True, default='')),
                ('citation', models.CharField(blank=True, default='', max_length=200)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='data_asked', to='people.person')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='data_requests', to='people.person')),
            ],
            options={
                'ordering': ('-asked_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='Part',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('files', 'Files'), ('email', 'Email'), ('filter', 'Filter'), ('accounts', 'Accounts'), ('records', 'Records')], max_length=10)),
                ('state', models.CharField(choices=[('given', 'Given'), ('nothing', 'Nothing'), ('withheld', 'Withheld')], max_length=10)),
                ('how', models.TextField()),
                ('citation', models.CharField(blank=True, default='', max_length=200)),
                ('at', models.DateTimeField()),
                ('by_name', models.CharField(blank=True, default='', max_length=200)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='requests.datarequest')),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='StaffReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('scope', models.TextField()),
                ('begun_at', models.DateTimeField()),
                ('by', models.CharField(blank=True, default='', max_length=200)),
                ('by_name', models.CharField(blank=True, default='', max_length=200)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('result', models.TextField(blank=True, default='')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='file_reviews', to='people.person')),
            ],
            options={
                'ordering': ('-begun_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='AuthorityRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=200)),
                ('officer', models.CharField(max_length=200)),
                ('reference', models.CharField(blank=True, default='', max_length=200)),
                ('wants', models.TextField()),
                ('basis', models.CharField(choices=[('warrant', 'Warrant'), ('order', 'Order'), ('subpoena', 'Subpoena'), ('emergency', 'Emergency'), ('consent', 'Consent'), ('law', 'Law'), ('none', 'None')], max_length=10)),
                ('basis_words', models.TextField(blank=True, default='')),
                ('received_at', models.DateTimeField()),
                ('wanted_by', models.DateField(blank=True, null=True)),
                ('entered_by_name', models.CharField(blank=True, default='', max_length=200)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by_name', models.CharField(blank=True, default='', max_length=200)),
                ('outcome', models.CharField(blank=True, choices=[('given', 'Given'), ('partly', 'Partly'), ('refused', 'Refused'), ('counsel', 'Counsel')], default='', max_length=10)),
                ('disclosed', models.TextField(blank=True, default='')),
                ('family', models.CharField(blank=True, choices=[('told', 'Told'), ('barred', 'Barred'), ('not-owed', 'Not Owed')], default='', max_length=10)),
                ('family_words', models.TextField(blank=True, default='')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='authority_requests', to='people.person')),
            ],
            options={
                'ordering': ('-received_at', '-id'),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ('given', 'partly')), _negated=True), models.Q(models.Q(('basis', 'none'), _negated=True), models.Q(('basis_words', ''), _negated=True)), _connector='OR'), name='requests_given_on_a_basis'), models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ('given', 'partly')), _negated=True), models.Q(('disclosed', ''), _negated=True), _connector='OR'), name='requests_given_what')],
            },
        ),
        migrations.AddIndex(
            model_name='datarequest',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['asked_at'], name='requests_open'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'refused'), _negated=True), models.Q(('citation', ''), _negated=True), _connector='OR'), name='requests_refused_by_law'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), models.Q(('outcome', ''), _negated=True), _connector='OR'), name='requests_closed_somehow'),
        ),
        migrations.AddConstraint(
            model_name='part',
            constraint=models.UniqueConstraint(fields=('request', 'kind'), name='requests_part_once'),
        ),
        migrations.AddConstraint(
            model_name='part',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withheld'), _negated=True), models.Q(('citation', ''), _negated=True), _connector='OR'), name='requests_withheld_by_law'),
        ),
        migrations.AddConstraint(
            model_name='staffreview',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('scope', ''), _negated=True)), name='requests_review_why'),
        ),
        migrations.AddConstraint(
            model_name='staffreview',
            constraint=models.CheckConstraint(condition=models.Q(('person_id', models.F('by')), _negated=True), name='requests_review_not_own'),
        ),
    ]
