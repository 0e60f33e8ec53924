from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0005_consent_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="parts",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
