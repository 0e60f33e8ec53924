"""What stands in the fields of a child's file, and what stood there before a change."""

import django.db.models.deletion
from django.db import migrations, models

import amanat.vault.ids
import amanat.vault.sealing


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_event_words"),
        ("people", "0002_user_suspended_by"),
        ("vault", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Sheet",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("section", models.CharField(max_length=40)),
                ("record", models.PositiveSmallIntegerField(default=1)),
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
                ("changed_at", models.DateTimeField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="cases.child",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vault.subject",
                    ),
                ),
                ("values", amanat.vault.sealing.Sealed(null=True, seal_id="cases.sheet.values")),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="formervalue",
            name="one_former_value_a_version",
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
                    ("facts_taken_out", "record of facts taken out"),
                    ("note", "note"),
                    ("attached", "document attached"),
                    ("flagged", "flag raised"),
                    ("finished", "task finished"),
                    ("corrected", "corrected"),
                    ("renamed", "code name replaced"),
                    ("protected", "taken out of existence answers"),
                    ("unprotected", "back in existence answers"),
                    ("consent_recorded", "consent recorded"),
                    ("consent_overridden", "shared without consent"),
                    ("consent_withdrawn", "consent withdrawn"),
                    ("emergency", "emergency access"),
                    ("emergency_judged", "emergency access judged"),
                    ("closed", "case closed"),
                    ("reopened", "case reopened"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="formervalue",
            name="sheet",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="former_values",
                to="cases.sheet",
            ),
        ),
        migrations.AddConstraint(
            model_name="formervalue",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sheet", None)),
                fields=("child", "part", "version"),
                name="one_former_value_a_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="formervalue",
            constraint=models.UniqueConstraint(fields=("sheet", "version"), name="one_former_sheet_a_version"),
        ),
        migrations.AddConstraint(
            model_name="sheet",
            constraint=models.UniqueConstraint(
                fields=("child", "section", "record", "part"), name="one_sheet_a_record_and_part"
            ),
        ),
    ]
