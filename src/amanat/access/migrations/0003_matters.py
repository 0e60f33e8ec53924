"""Parts and relations of a hotline's matters; no column changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0002_emergencytry"),
    ]

    operations = [
        migrations.AlterField(
            model_name="conflict",
            name="part",
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
            model_name="grant",
            name="relation",
            field=models.CharField(
                choices=[
                    ("case_manager", "case manager"),
                    ("social_worker", "social worker"),
                    ("psychologist", "psychologist"),
                    ("lawyer", "lawyer"),
                    ("health_worker", "health worker"),
                    ("centre_worker", "crisis-centre worker"),
                    ("supervisor", "supervisor"),
                    ("coordinator", "coordinator"),
                    ("receiver", "receiver of a referral"),
                    ("dpo", "data protection officer"),
                    ("emergency", "emergency access"),
                    ("operator", "operator of the hotline"),
                    ("hotline_supervisor", "supervisor of the hotline"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="reveal",
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
    ]
