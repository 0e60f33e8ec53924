"""Parts of a hotline's matters; no column changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forms", "0003_files"),
    ]

    operations = [
        migrations.AlterField(
            model_name="answers",
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
