from django.db import migrations, models

from community.append_only import lay_triggers, lift_triggers


def lay_again(apps, editor):
    """Lay the log's triggers once more: SQLite makes a table anew to change it, and the old one's triggers go."""
    lift_triggers(editor.connection)
    lay_triggers(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("community", "0016_reason_versions")]

    operations = [
        migrations.AddField(
            model_name="moderationevent",
            name="is_substantive",
            field=models.BooleanField(db_default=False, default=False, verbose_name="the sense was changed"),
        ),
        migrations.AddField(
            model_name="moderationevent",
            name="answer_address",
            field=models.CharField(db_default="", default="", max_length=500, verbose_name="answered already at"),
        ),
        migrations.AddField(
            model_name="moderationevent",
            name="answer_title",
            field=models.CharField(db_default="", default="", max_length=255, verbose_name="answered already by"),
        ),
        migrations.AddConstraint(
            model_name="moderationevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_substantive", True), _negated=True)
                | models.Q(("message", ""), _negated=True),
                name="moderation_event_says_what_changed",
            ),
        ),
        migrations.RunPython(lay_again, lay_again),
    ]
