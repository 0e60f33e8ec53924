"""Steps that are due are kept, so that lists can be put in order by them; the timeline tells that the end of one was taken back."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_steps_and_forms"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="steps_by",
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AddField(
            model_name="case",
            name="next_step",
            field=models.CharField(blank=True, max_length=100),
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
                    ("closed", "case closed"),
                    ("reopened", "case reopened"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["steps_by"], name="case_steps_by"),
        ),
        migrations.CreateModel(
            name="DueStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(max_length=100)),
                ("due", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="due_steps",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "step"), name="one_due_step_a_case")],
            },
        ),
    ]
