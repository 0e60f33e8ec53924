"""How many rows of a batch were put into files that were there, and how many say that no consent was given."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="denied",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="batch",
            name="into",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
