"""Alerts, who was told of them, and people around a child."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import amanat.vault.ids
import amanat.vault.sealing


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_steps_due"),
        ("people", "0003_duty"),
        ("vault", "0006_matter"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="attachment",
            name="part",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("registered", "registered"),
                    ("opened", "case opened"),
                    ("assigned", "case manager assigned"),
                    ("handed_over", "handed over"),
                    ("joined", "joined the circle of care"),
                    ("left", "left the circle of care"),
                    ("risk_changed", "risk changed"),
                    ("stage_moved", "stage changed"),
                    ("facts_written", "facts changed"),
                    ("put_in", "row of an import put in"),
                    ("facts_taken_out", "record of facts taken out"),
                    ("note", "note"),
                    ("attached", "document attached"),
                    ("flagged", "flag raised"),
                    ("finished", "task finished"),
                    ("corrected", "corrected"),
                    ("form_recorded", "form filled in"),
                    ("form_corrected", "form corrected"),
                    ("form_reviewed", "form looked through"),
                    ("renamed", "code name replaced"),
                    ("protected", "taken out of existence answers"),
                    ("unprotected", "back in existence answers"),
                    ("consent_recorded", "consent recorded"),
                    ("consent_overridden", "shared without consent"),
                    ("consent_withdrawn", "consent withdrawn"),
                    ("emergency", "emergency access"),
                    ("emergency_judged", "emergency access judged"),
                    ("step_done", "step done"),
                    ("step_waived", "step waived"),
                    ("step_taken_back", "end of a step taken back"),
                    ("from_call", "came from a call"),
                    ("alert_raised", "alert raised"),
                    ("alert_taken", "alert taken"),
                    ("person_written", "person around the child written down"),
                    ("person_taken_out", "person around the child taken out"),
                    ("suspected", "person recorded as a suspect"),
                    ("cleared", "suspicion taken back"),
                    ("screened", "screening recorded"),
                    ("age_recorded", "age written down"),
                    ("status_decided", "formal status recorded"),
                    ("status_appealed", "status appealed against"),
                    ("status_reviewed", "status reviewed"),
                    ("vulnerability", "vulnerability assessed"),
                    ("obstacle", "obstacle to identification"),
                    ("interviewed", "interview recorded"),
                    ("closed", "case closed"),
                    ("reopened", "case reopened"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="part",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="event",
            name="words_part",
            field=models.CharField(
                blank=True,
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
        migrations.AlterField(
            model_name="formervalue",
            name="part",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="sharednote",
            name="part",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="sheet",
            name="part",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="task",
            name="part",
            field=models.CharField(
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
        migrations.CreateModel(
            name="Alert",
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
                            ("p1", "a child in danger now (P1)"),
                            ("self_harm", "danger of self-harm"),
                            ("answer", "answer that needs somebody at once"),
                            ("new_case", "a case from a call needs a case manager"),
                        ],
                        max_length=20,
                    ),
                ),
                ("raised_at", models.DateTimeField()),
                ("tell_next_at", models.DateTimeField(blank=True, null=True)),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agency"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="alerts", to="cases.case"
                    ),
                ),
                (
                    "raised_by",
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
                    "taken_by",
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
        migrations.CreateModel(
            name="AlertTold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_supervisor", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="told", to="cases.alert"
                    ),
                ),
                (
                    "instead_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.membership"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PersonAround",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("about", amanat.vault.sealing.Sealed(null=True, seal_id="cases.person_around.about")),
                ("suspicion", amanat.vault.sealing.Sealed(null=True, seal_id="cases.person_around.suspicion")),
                ("version", models.PositiveIntegerField(default=1)),
                ("written_at", models.DateTimeField()),
                ("taken_out_at", models.DateTimeField(blank=True, null=True)),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="persons", to="cases.child"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.subject"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.membership"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(("tell_next_at__isnull", False)), fields=["tell_next_at"], name="alert_tell_next"
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(("taken_at", None)), fields=["agency", "raised_at", "id"], name="alert_waits"
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(("taken_at__isnull", False)), fields=["taken_at", "id"], name="alert_taken"
            ),
        ),
        migrations.AddConstraint(
            model_name="alerttold",
            constraint=models.UniqueConstraint(fields=("alert", "membership"), name="told_once"),
        ),
    ]
