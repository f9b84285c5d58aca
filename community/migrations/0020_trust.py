import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


#: The reasons of the first day that are about conduct.
ABOUT_CONDUCT = ("advertising", "unverifiable-claim", "hide-unverifiable-claim")


def mark_reasons_about_conduct(apps, editor):
    """Mark what the portal brought; what people added is theirs to mark."""
    apps.get_model("community", "ModerationReason").objects.filter(code__in=ABOUT_CONDUCT).update(is_conduct=True)


def nothing(apps, editor):
    """Leave the marks: their column goes with the migration."""


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0019_log_by_time"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="moderationreason",
            name="is_conduct",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Whose message is declined or hidden for this is trusted no more in the community.",
                verbose_name="about conduct",
            ),
        ),
        migrations.CreateModel(
            name="Trust",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(max_length=20, verbose_name="kind"),
                ),
                ("started_at", models.DateTimeField(verbose_name="since")),
                ("last_at", models.DateTimeField(verbose_name="last used at")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                (
                    "ended_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("flag", "a flag was upheld"),
                            ("conduct", "a message was declined or hidden for conduct"),
                            ("spam", "a message was spam"),
                            ("idle", "nothing was sent for twelve months"),
                            ("suspended", "suspended"),
                            ("undone", "the approval it came with was undone"),
                            ("moderator", "a moderator ended it"),
                        ],
                        max_length=20,
                        verbose_name="ended because",
                    ),
                ),
                ("ended_note", models.CharField(blank=True, max_length=300, verbose_name="note for moderators")),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="community.community",
                        verbose_name="community",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trusts",
                        to="community.member",
                        verbose_name="member",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="community.submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "trust",
                "verbose_name_plural": "trust",
                "ordering": ["-started_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="AutomaticApproval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_sampled", models.BooleanField(verbose_name="to be looked at afterwards")),
                ("made_at", models.DateTimeField(verbose_name="approved at")),
                ("looked_at", models.DateTimeField(null=True, verbose_name="looked at")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("fine", "fine"),
                            ("hidden", "hidden"),
                            ("undone", "taken back"),
                            ("trust_ended", "trust ended"),
                        ],
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "looked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="automatic_approval",
                        to="community.submission",
                    ),
                ),
                (
                    "trust",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="community.trust"
                    ),
                ),
            ],
            options={
                "verbose_name": "automatic approval",
                "verbose_name_plural": "automatic approvals",
                "ordering": ["pk"],
            },
        ),
        migrations.AddIndex(
            model_name="trust",
            index=models.Index(
                condition=models.Q(("ended_at", None)), fields=["last_at"], name="trust_to_end_when_idle"
            ),
        ),
        migrations.AddConstraint(
            model_name="trust",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("member", "community", "kind"),
                name="trust_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="trust",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_because", "")),
                    models.Q(("ended_at__isnull", False), models.Q(("ended_because", ""), _negated=True)),
                    _connector="OR",
                ),
                name="trust_ends_for_a_cause",
            ),
        ),
        migrations.AddIndex(
            model_name="automaticapproval",
            index=models.Index(
                condition=models.Q(("is_sampled", True), ("looked_at", None)),
                fields=["submission"],
                name="approval_to_look_at",
            ),
        ),
        migrations.RunPython(mark_reasons_about_conduct, nothing),
    ]
