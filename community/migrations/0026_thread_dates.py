from datetime import datetime, time, timedelta

from django.db import migrations
from django.db.models import F
from django.db.models.functions import Mod
from django.utils import timezone

from community.append_only import THREADS, lay_triggers, lift_triggers

#: Days from the upgrade on: the first closing date, and over how many days the dates are spread.
FIRST, SPREAD = 15, 14


def give_dates(apps, editor):
    """Give each open question that was released a closing date, not all the same one and none of them soon."""
    Question = apps.get_model("community", "Question")
    undated = Question.objects.filter(life="open", closes_at=None, slug__isnull=False)
    today = timezone.localdate()
    for place in range(SPREAD):
        last_day = datetime.combine(today + timedelta(days=FIRST + place), time(23, 59, 59))
        in_place = undated.annotate(place=Mod(F("pk"), SPREAD)).filter(place=place)
        in_place.update(closes_at=timezone.make_aware(last_day))


class Migration(migrations.Migration):
    dependencies = [("community", "0025_threads")]

    operations = [
        migrations.RunPython(give_dates, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(
            lambda apps, editor: lay_triggers(editor.connection, THREADS),
            lambda apps, editor: lift_triggers(editor.connection, THREADS),
        ),
    ]
