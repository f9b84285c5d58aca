from django.db import migrations

BEFORE = ("pages", "registries", "references")


def rename(apps, schema_editor):
    apps.get_model("search", "OutboxEntry").objects.filter(source__in=BEFORE).update(source="knowledge")


class Migration(migrations.Migration):
    dependencies = [("search", "0002_best_bets")]
    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
