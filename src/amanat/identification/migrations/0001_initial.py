"""Screenings, ages, and what workers state in the course of identification."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import amanat.vault.ids
import amanat.vault.sealing


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0007_alerts"),
        ("people", "0003_duty"),
        ("vault", "0006_matter"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgeRecord",
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
                            ("call", "calls to a hotline"),
                            ("screening", "screening from a call"),
                            ("debrief", "debrief of an operator"),
                        ],
                        max_length=20,
                    ),
                ),
                ("written_at", models.DateTimeField()),
                ("content", amanat.vault.sealing.Sealed(null=True, seal_id="identification.age.content")),
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
            ],
            options={
                "indexes": [models.Index(fields=["subject", "written_at", "id"], name="age_record_of")],
            },
        ),
        migrations.CreateModel(
            name="Screening",
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
                            ("call", "calls to a hotline"),
                            ("screening", "screening from a call"),
                            ("debrief", "debrief of an operator"),
                        ],
                        max_length=20,
                    ),
                ),
                ("series", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("newest", models.BooleanField(default=True)),
                ("happened_at", models.DateTimeField()),
                ("written_at", models.DateTimeField()),
                ("content", amanat.vault.sealing.Sealed(null=True, seal_id="identification.screening.content")),
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
            ],
            options={
                "indexes": [models.Index(fields=["subject", "newest", "happened_at", "id"], name="screening_of")],
                "constraints": [models.UniqueConstraint(fields=("series", "version"), name="one_screening_a_version")],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("status", "formal status"),
                            ("appeal", "appeal against a status"),
                            ("review", "review of a status"),
                            ("vulnerability", "assessment of vulnerability"),
                            ("obstacle", "obstacle to identification"),
                            ("response", "response to an obstacle"),
                            ("interview", "interview"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("content", amanat.vault.sealing.Sealed(null=True, seal_id="identification.statement.content")),
                ("verbatim", amanat.vault.sealing.Sealed(null=True, seal_id="identification.statement.verbatim")),
                (
                    "interpretation",
                    amanat.vault.sealing.Sealed(null=True, seal_id="identification.statement.interpretation"),
                ),
                (
                    "about",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="identification.statement",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.membership"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="statements", to="cases.case"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.subject"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["subject", "kind", "at", "id"], name="statement_of_child")],
            },
        ),
    ]
