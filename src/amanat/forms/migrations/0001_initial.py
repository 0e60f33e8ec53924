"""Forms, their versions, records of them and the sealed answers of each part."""

import django.db.models.deletion
from django.db import migrations, models

import amanat.vault.ids
import amanat.vault.sealing


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0002_user_suspended_by"),
        ("vault", "0005_rotation"),
    ]

    operations = [
        migrations.CreateModel(
            name="Form",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True)),
                ("follows_pack", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="FormVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.CharField(blank=True, max_length=100)),
                ("digest", models.CharField(max_length=64)),
                ("source_name", models.CharField(max_length=200)),
                ("source", models.BinaryField()),
                ("xform", models.BinaryField()),
                ("extras", models.BinaryField(default=b"{}")),
                ("media", models.JSONField(default=dict)),
                ("title", models.JSONField(default=dict)),
                ("facts", models.JSONField(default=dict)),
                ("parts", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="forms.form"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="form",
            name="published",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="forms.formversion",
            ),
        ),
        migrations.CreateModel(
            name="Record",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("instance_id", models.CharField(max_length=100, unique=True)),
                ("language", models.CharField(blank=True, max_length=20)),
                ("recorded_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
                ("needs_review", models.BooleanField(default=False)),
                (
                    "form_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="records", to="forms.formversion"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.membership"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.subject"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Answers",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("existence", "existence, stage, lateness"),
                            ("referral_summary", "referral summary"),
                            ("identity", "identity"),
                            ("contacts", "contacts"),
                            ("safety", "safety"),
                            ("facts", "facts"),
                            ("narrative", "narrative"),
                            ("psychology_notes", "psychology: process notes"),
                            ("psychology_summary", "psychology: summary and scores"),
                            ("health_file", "health: file"),
                            ("health_alerts", "health: alerts and medicines"),
                            ("legal_file", "legal: file"),
                            ("legal_status", "legal: status"),
                            ("centre", "centre log"),
                            ("plan", "plan"),
                            ("consent", "consent"),
                            ("audit", "audit of the file"),
                        ],
                        max_length=20,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("written_at", models.DateTimeField()),
                ("instance", amanat.vault.sealing.Sealed(null=True, seal_id="forms.answers.instance")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.membership"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.subject"
                    ),
                ),
                (
                    "form_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="forms.formversion"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="forms.record"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="formversion",
            constraint=models.UniqueConstraint(fields=("form", "digest"), name="one_version_a_digest"),
        ),
        migrations.AddConstraint(
            model_name="record",
            constraint=models.UniqueConstraint(fields=("subject", "number"), name="one_record_a_number"),
        ),
        migrations.AddConstraint(
            model_name="answers",
            constraint=models.UniqueConstraint(
                fields=("record", "part", "version"), name="one_part_of_a_record_a_version"
            ),
        ),
    ]
