import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

import community.models.moderation.merge_fields
import community.models.moderation.reasons
from community.append_only import lay_triggers, lift_triggers

WORDS = ("action", "name", "name_hi", "text", "text_hi", "rule_link")


def keep_first_words(apps, editor):
    """Make what each reason says now its first version. Entries of the log from before name none."""
    version = apps.get_model("community", "ReasonVersion")
    now = timezone.now()
    for reason in apps.get_model("community", "ModerationReason").objects.all():
        words = {name: getattr(reason, name) for name in WORDS}
        version.objects.get_or_create(reason=reason, number=1, defaults={"made_at": now, **words})


def lay_again(apps, editor):
    """Lay the log's triggers once more: SQLite makes a table anew to change it, and the old one's triggers go."""
    lift_triggers(editor.connection)
    lay_triggers(editor.connection)


def nothing(apps, editor):
    """Leave the versions: their table goes with the migration."""


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0013_leases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="moderationreason",
            name="rule_link",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="The address of the rule. Left blank, the rules on the community's page.",
                max_length=300,
                validators=[community.models.moderation.reasons.check_rule_link],
                verbose_name="rule",
            ),
        ),
        migrations.AlterField(
            model_name="moderationreason",
            name="text",
            field=models.TextField(
                validators=[community.models.moderation.merge_fields.check_fields], verbose_name="what the author reads"
            ),
        ),
        migrations.AlterField(
            model_name="moderationreason",
            name="text_hi",
            field=models.TextField(
                blank=True,
                validators=[community.models.moderation.merge_fields.check_fields],
                verbose_name="what the author reads, in Hindi",
            ),
        ),
        migrations.CreateModel(
            name="ReasonVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("action", models.CharField(max_length=20, verbose_name="used to")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("name_hi", models.CharField(blank=True, max_length=80, verbose_name="name in Hindi")),
                ("text", models.TextField(verbose_name="what the author reads")),
                ("text_hi", models.TextField(blank=True, verbose_name="what the author reads, in Hindi")),
                ("rule_link", models.CharField(blank=True, max_length=300, verbose_name="rule")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="community.moderationreason",
                    ),
                ),
            ],
            options={
                "verbose_name": "wording of a reason",
                "verbose_name_plural": "wordings of reasons",
                "ordering": ["reason", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("reason", "number"), name="reason_version_number_unique")
                ],
            },
        ),
        migrations.AddField(
            model_name="moderationevent",
            name="reason_version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="community.reasonversion",
            ),
        ),
        migrations.RunPython(keep_first_words, nothing),
        migrations.RunPython(lay_again, lay_again),
    ]
