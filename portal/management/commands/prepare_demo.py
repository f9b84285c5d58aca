"""Everything that the demonstration needs before it can be served."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.celery import app as celery_app
from portal.demo.steps import due_steps, run_step


class Command(BaseCommand):
    """Runs the steps that are due; run twice it changes nothing."""

    help = "Prepare the demonstration: database, starting content, sample exchanges, accounts, static files, index."
    requires_system_checks = []

    def handle(self, *args, **options) -> None:
        if not settings.DEMO:
            raise CommandError(
                "These settings are not the demonstration's: use DJANGO_SETTINGS_MODULE=portal.settings.demo."
            )
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        # Nobody listens yet: what the steps leave to be done are rows, which the first sweeps find.
        celery_app.conf.broker_url = "memory://localhost"
        for step in due_steps():
            started = time.monotonic()
            self.stdout.write(self.style.MIGRATE_HEADING(f"{step.says} …"))
            try:
                run_step(step)
            except CommandError as error:
                raise CommandError(f"{step.says}: {error}", returncode=error.returncode) from error
            self.stdout.write(f"  {time.monotonic() - started:.1f} s")
