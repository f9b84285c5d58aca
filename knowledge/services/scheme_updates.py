"""Updates of schemes: who may post for which, the approval by a second person, what happens on publishing."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Workflow, WorkflowContentType, WorkflowTask

from knowledge.models import Institution, Officer, Scheme, SchemeUpdate, SecondPersonTask
from knowledge.permissions import EDITORS, MODERATORS
from knowledge.signals import scheme_updated

WORKFLOW_NAME = "Scheme update approval"
TASK_NAME = "A moderator or editor approves"


@transaction.atomic
def ensure_workflow() -> Workflow:
    """Make the workflow of scheme updates where it is missing, bring its groups in step, and return it."""
    task, _created = SecondPersonTask.objects.get_or_create(name=TASK_NAME)
    task.groups.set([Group.objects.get_or_create(name=name)[0] for name in (MODERATORS, EDITORS)])
    workflow, _created = Workflow.objects.get_or_create(name=WORKFLOW_NAME)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task.task_ptr, defaults={"sort_order": 0})
    WorkflowContentType.objects.update_or_create(
        content_type=ContentType.objects.get_for_model(SchemeUpdate), defaults={"workflow": workflow}
    )
    return workflow


def schemes_open_to(user, *, now: datetime) -> QuerySet[Scheme]:
    """Return the schemes ``user`` may post for: an editor all that have an owner, an officer the institution's."""
    owned = Scheme.objects.filter(owner__isnull=False, withdrawn_at=None)
    if user.has_perm("knowledge.add_schemeupdate"):
        return owned
    offices = Officer.objects.current(now).filter(user=user, user__is_active=True)
    return owned.filter(owner__in=offices.values("institution"))


def may_publish(user, institution: Institution, *, now: datetime) -> bool:
    """Return whether ``user`` may publish updates of ``institution``'s schemes without a second person."""
    if user.has_perm("knowledge.publish_schemeupdate"):
        return True
    return (
        institution.may_post_directly
        and Officer.objects.current(now).filter(user=user, institution=institution, user__is_active=True).exists()
    )


def attribute(update: SchemeUpdate, *, by: AbstractBaseUser, now: datetime) -> SchemeUpdate:
    """Set for whom and by whom a new ``update`` is posted. Saves nothing.

    The institution is always the scheme's owner, whatever a form said. Raises ``ValidationError`` where ``by`` may
    not post for the scheme.
    """
    if not schemes_open_to(by, now=now).filter(pk=update.scheme_id).exists():
        raise ValidationError(
            {"scheme": _("You can post updates only for schemes of an institution where you hold an office now.")},
            code="foreign_scheme",
        )
    update.institution = update.scheme.owner
    update.posted_by = by
    return update


@transaction.atomic
def post_update(*, scheme: Scheme, by: AbstractBaseUser, now: datetime, **fields) -> SchemeUpdate:
    """Post what changed in ``scheme``: published at once where ``by`` may, else handed to a second person.

    ``fields`` are the columns of ``SchemeUpdate``. Raises ``ValidationError`` where the scheme is not ``by``'s or a
    field is wrong.
    """
    update = attribute(SchemeUpdate(scheme=scheme, live=False, **fields), by=by, now=now)
    update.full_clean()
    update.save()
    revision = update.save_revision(user=by, log_action=True)
    if may_publish(by, update.institution, now=now):
        revision.publish(user=by, skip_permission_checks=True)
    else:
        ensure_workflow().start(update, by)
    update.refresh_from_db()
    return update


def announce(sender: type[SchemeUpdate], instance: SchemeUpdate, **kwargs) -> None:
    """Tell those above that an update is public; heard from Wagtail's ``published``, in its transaction."""
    first = instance.first_published_at is None or instance.first_published_at == instance.last_published_at
    scheme_updated.send(sender=SchemeUpdate, update=instance, first=first)
