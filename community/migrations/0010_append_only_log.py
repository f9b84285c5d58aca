from django.db import migrations

from community.append_only import lay_triggers, lift_triggers


class Migration(migrations.Migration):
    dependencies = [("community", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, editor: lay_triggers(editor.connection),
            lambda apps, editor: lift_triggers(editor.connection),
        )
    ]
