from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("referrals", "0005_by_since")]

    operations = [
        migrations.CreateModel(
            name="TakenBack",
            fields=[],
            options={"proxy": True, "indexes": [], "constraints": []},
            bases=("referrals.referral",),
        ),
    ]
