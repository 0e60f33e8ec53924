"""A matter of a hotline is a subject of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("vault", "0005_rotation"),
    ]

    operations = [
        migrations.AlterField(
            model_name="subject",
            name="kind",
            field=models.CharField(
                choices=[
                    ("child", "child"),
                    ("shared", "shared record"),
                    ("office", "office"),
                    ("draft", "draft"),
                    ("import", "import"),
                    ("matter", "matter of a hotline"),
                ],
                max_length=10,
            ),
        ),
    ]
