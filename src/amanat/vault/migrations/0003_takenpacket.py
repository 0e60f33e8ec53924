from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vault", "0002_postings_in_one_number")]

    operations = [
        migrations.CreateModel(
            name="TakenPacket",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
