from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0010_conference_lines"),
    ]

    operations = [
        migrations.AlterField(
            model_name="task",
            name="kind",
            field=models.CharField(
                choices=[
                    ("flag", "flag"),
                    ("safety_decision", "safety decision"),
                    ("form_alert", "answer that needs somebody at once"),
                    ("form_review", "form to be looked through"),
                    ("nobody_took", "nobody took a referral"),
                    ("referral_stuck", "a referral does not go on"),
                    ("referral_consent", "the consent for a referral ends"),
                    ("places_end", "places in the circle of care end"),
                    ("decision", "decision of a conference"),
                ],
                max_length=20,
            ),
        ),
    ]
