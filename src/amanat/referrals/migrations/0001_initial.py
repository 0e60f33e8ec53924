import django.db.models.deletion
from django.db import migrations, models

import amanat.access.policy
import amanat.vault.ids
import amanat.vault.sealing


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0004_referrals"),
        ("cases", "0008_service_notes"),
        ("directory", "0001_initial"),
        ("people", "0003_duty"),
        ("vault", "0007_location"),
    ]

    operations = [
        migrations.CreateModel(
            name="Response",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="responses", to="cases.case"
                    ),
                ),
                (
                    "made_by",
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
            name="Referral",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=8, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("service", "a service"), ("transfer", "the whole case")],
                        default="service",
                        max_length=10,
                    ),
                ),
                ("need", models.CharField(max_length=40)),
                ("urgency", models.CharField(max_length=20)),
                ("parts", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "being prepared"),
                            ("sent", "sent"),
                            ("seen", "seen"),
                            ("accepted", "accepted"),
                            ("started", "service begun"),
                            ("done", "done"),
                            ("declined", "declined"),
                            ("revoked", "revoked"),
                            ("expired", "expired"),
                            ("discarded", "not sent"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("since", models.DateTimeField()),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("rings_at", models.DateTimeField(blank=True, null=True)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
                ("comes_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("outcome", models.CharField(blank=True, max_length=40)),
                ("version", models.PositiveIntegerField(default=1)),
                ("summary", amanat.vault.sealing.Sealed(null=True, seal_id="referrals.referral.summary")),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="referrals", to="cases.case"
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.consent",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.membership"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.organization",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.service",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.subject"
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="referrals", to="referrals.response"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("verb", models.CharField(max_length=30)),
                (
                    "from_state",
                    models.CharField(
                        choices=[
                            ("draft", "being prepared"),
                            ("sent", "sent"),
                            ("seen", "seen"),
                            ("accepted", "accepted"),
                            ("started", "service begun"),
                            ("done", "done"),
                            ("declined", "declined"),
                            ("revoked", "revoked"),
                            ("expired", "expired"),
                            ("discarded", "not sent"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("draft", "being prepared"),
                            ("sent", "sent"),
                            ("seen", "seen"),
                            ("accepted", "accepted"),
                            ("started", "service begun"),
                            ("done", "done"),
                            ("declined", "declined"),
                            ("revoked", "revoked"),
                            ("expired", "expired"),
                            ("discarded", "not sent"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
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
                            ("service_notes", "notes of who gives a service"),
                        ],
                        default=amanat.access.policy.Part["REFERRAL_SUMMARY"],
                        max_length=20,
                    ),
                ),
                ("words", amanat.vault.sealing.Sealed(null=True, seal_id="referrals.step.words")),
                (
                    "membership",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="referrals.referral"
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
            name="Unmet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("need", models.CharField(max_length=40)),
                ("urgency", models.CharField(max_length=20)),
                ("since", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="unmet", to="cases.case"
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="unmet", to="referrals.response"
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="unmet", to="cases.task"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="response",
            index=models.Index(fields=["case", "made_at"], name="response_of_case"),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["subject"], name="referral_subject"),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["case", "made_at"], name="referral_of_case"),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["agency", "due_at", "id"],
                name="referral_in_hands",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["agency", "sent_at", "id"], name="referral_of_agency"),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["receiver", "due_at", "id"], name="referral_of_receiver"),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("rings_at__isnull", False)), fields=["rings_at"], name="referral_rings"
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["due_at", "id"],
                name="referral_by_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(("agency__isnull", False), ("organisation__isnull", False), _connector="OR"),
                name="referral_goes_somewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("sent", "seen", "accepted", "started")), _negated=True),
                    ("due_at__isnull", False),
                    _connector="OR",
                ),
                name="open_referral_has_deadline",
            ),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(fields=["referral", "at", "id"], name="step_of_referral"),
        ),
        migrations.AddIndex(
            model_name="unmet",
            index=models.Index(condition=models.Q(("ended_at", None)), fields=["since", "id"], name="unmet_now"),
        ),
        migrations.AddIndex(
            model_name="unmet",
            index=models.Index(condition=models.Q(("ended_at", None)), fields=["case"], name="unmet_of_case"),
        ),
        migrations.AddConstraint(
            model_name="unmet",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("response", "need"), name="unmet_once"
            ),
        ),
    ]
