"""The timeline tells of steps of the procedure and of forms that were filled in; answers of a form can raise a task."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_row_put_in"),
    ]

    operations = [
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
                    ("closed", "case closed"),
                    ("reopened", "case reopened"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="task",
            name="kind",
            field=models.CharField(
                choices=[
                    ("flag", "flag"),
                    ("safety_decision", "safety decision"),
                    ("form_alert", "answer that needs somebody at once"),
                    ("form_review", "form to be looked through"),
                ],
                max_length=20,
            ),
        ),
    ]
