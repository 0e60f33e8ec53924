from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0006_grant_parts"),
    ]

    operations = [
        migrations.AddField(
            model_name="consent",
            name="end_told_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(
                condition=models.Q(("end_told_at", None), ("until__isnull", False)),
                fields=["until"],
                name="consent_ends",
            ),
        ),
    ]
