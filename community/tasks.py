"""Thin tasks: each fetches by id or sweeps what is due, and makes one call. Lost, doubled or late, they do no harm."""

from celery import shared_task
from django.utils import timezone

from community.services import communities, compiling, distribution, handover, moderation, threads, trust
from community.services.writing import drafts, kept_forms


@shared_task
def release_due() -> None:
    moderation.release_due(now=timezone.now())


@shared_task
def fan_out(event_id: int) -> None:
    distribution.fan_out(event_id=event_id, now=timezone.now())


@shared_task
def fan_out_due() -> None:
    distribution.fan_out_due(now=timezone.now())


@shared_task
def build_due_envelopes() -> None:
    distribution.build_due(now=timezone.now())


@shared_task
def hand_over(envelope_id: int) -> None:
    handover.hand_over(envelope_id=envelope_id, now=timezone.now())


@shared_task
def hand_over_due() -> None:
    handover.hand_over_due(now=timezone.now())


@shared_task
def keep_deadlines() -> None:
    moderation.keep_deadlines(now=timezone.now())


@shared_task
def close_threads() -> None:
    threads.close_due(now=timezone.now())


@shared_task
def reconcile_compilations() -> None:
    compiling.reconcile(now=timezone.now())


@shared_task
def tidy() -> None:
    now = timezone.now()
    communities.refresh_moderators_group()
    kept_forms.drop_old(now=now)
    drafts.drop_old(now=now)
    trust.end_idle(now=now)
