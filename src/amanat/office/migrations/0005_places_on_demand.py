from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0004_health"),
    ]

    operations = [
        migrations.AlterField(
            model_name="destination",
            name="kind",
            field=models.CharField(
                choices=[
                    ("folder", "a folder or a USB disk"),
                    ("s3", "S3-compatible storage"),
                    ("on_demand", "a folder, only on demand"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="destination",
            name="name",
            field=models.CharField(max_length=400, unique=True, verbose_name="name"),
        ),
    ]
