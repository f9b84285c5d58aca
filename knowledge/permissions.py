"""Who may do what on the editors' side: one policy for each kind of object.

Editors and administrators act by Django's permissions, which their group carries (``GROUP_PERMISSIONS``). An officer
acts by a current row of ``Officer``, a moderator on a scheme update by the task that waits for a second person.
Wagtail asks most questions of the model ("may they do this to some of them?"); ``knowledge.viewsets`` asks them again
of the object, so both are answered here.
"""

from collections.abc import Iterable

from django.db.models import Model, Q, QuerySet
from wagtail.models import TaskState, WorkflowState
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from knowledge.models import (
    Cluster,
    ClusterType,
    Definition,
    FrequentQuestion,
    GlossaryTerm,
    Initiative,
    Institution,
    Link,
    Officer,
    Publication,
    ReferenceTerm,
    ResourceCentre,
    Scheme,
    SchemeUpdate,
    Sector,
    SourceDocument,
    Stage,
    State,
    Statistic,
    Theme,
)
from search.models import BestBet, Synonym

EDITORS = "Editors"
MODERATORS = "Moderators"
OFFICERS = "Officers"

REGISTRIES = (Scheme, ResourceCentre, Initiative, Cluster, Institution)
REFERENCE_LISTS = (GlossaryTerm, FrequentQuestion, Definition, Link, Publication, Statistic)
VOCABULARIES = (Theme, Sector, Stage, ClusterType, State, ReferenceTerm, SourceDocument)

_KEPT = ("add", "change", "view")
_PUBLISHED = (*_KEPT, "delete", "publish", "lock", "unlock")
#: What each group may do to which models. A term is never deleted by an editor: pages and addresses rest on it.
GROUP_PERMISSIONS: dict[str, dict[type[Model], tuple[str, ...]]] = {
    EDITORS: {
        **dict.fromkeys((*REGISTRIES, SchemeUpdate), _PUBLISHED),
        **dict.fromkeys((*REFERENCE_LISTS, Synonym, BestBet), (*_KEPT, "delete")),
        **dict.fromkeys((*VOCABULARIES, Officer), _KEPT),
    },
    MODERATORS: {SchemeUpdate: ("view",)},
    OFFICERS: {},
}


class RowPolicy(ModelPermissionPolicy):
    """Django's permissions, then rows: subclasses name the rows that open an object to somebody without permission."""

    def rows_for(self, user, action: str) -> QuerySet:
        """Return the objects to which rows let ``user`` do ``action``."""
        return self.model._default_manager.none()

    def allows(self, action: str, instance: Model) -> bool:
        """Return whether the object itself lets anybody do ``action``."""
        return True

    def has_by_permission(self, user, action: str) -> bool:
        """Return whether Django's permissions answer yes; who may change may also look."""
        actions = ("view", "change") if action == "view" else (action,)
        return any(super(RowPolicy, self).user_has_permission(user, one) for one in actions)

    def user_has_permission(self, user, action: str) -> bool:
        return self.has_by_permission(user, action) or (user.is_active and self.rows_for(user, action).exists())

    def user_has_permission_for_instance(self, user, action: str, instance: Model) -> bool:
        if not self.allows(action, instance):
            return False
        return self.has_by_permission(user, action) or (
            user.is_active and self.rows_for(user, action).filter(pk=instance.pk).exists()
        )

    def instances_user_has_any_permission_for(self, user, actions: Iterable[str]) -> QuerySet:
        if any(self.has_by_permission(user, action) for action in actions):
            return self.model._default_manager.all()
        if not user.is_active:
            return self.model._default_manager.none()
        opened = Q(pk__in=[])
        for action in actions:
            opened |= Q(pk__in=self.rows_for(user, action).order_by().values("pk"))
        return self.model._default_manager.filter(opened)


class PublicEntryPolicy(RowPolicy):
    """Entries with an address of their own: what was public once is withdrawn, never deleted."""

    def allows(self, action: str, instance: Model) -> bool:
        return action != "delete" or not (instance.live or instance.first_published_at)


class OwnEntryPolicy(PublicEntryPolicy):
    """Entries that the officers of one institution may look at; ``owner`` is the lookup of that institution."""

    def __init__(self, model: type[Model], *, owner: str) -> None:
        super().__init__(model)
        self.owner = owner

    def rows_for(self, user, action: str) -> QuerySet:
        if action != "view":
            return super().rows_for(user, action)
        return self.model._default_manager.filter(**{f"{self.owner}__in": institutions_of(user)})


class SchemeUpdatePolicy(PublicEntryPolicy):
    """Officers write for the schemes their institution owns, moderators see what was handed in and decide on it."""

    def rows_for(self, user, action: str) -> QuerySet:
        updates = SchemeUpdate.objects.all()
        own = Q(scheme__owner__in=institutions_of(user))
        if action == "view":
            return updates.filter(own | self._handed_in(user))
        if action == "change":
            return updates.filter(own | Q(pk__in=self._waiting_for(user)))
        if action == "publish":
            return updates.filter(own, scheme__owner__may_post_directly=True)
        return updates.none()

    def has_by_permission(self, user, action: str) -> bool:
        # The permission to look alone, which moderators carry, does not open what an officer has not handed in.
        return super().has_by_permission(user, "change" if action == "view" else action)

    def user_has_permission(self, user, action: str) -> bool:
        if super().user_has_permission(user, action):
            return True
        if not user.is_active:
            return False
        if action == "publish":
            return institutions_of(user).filter(may_post_directly=True).exists()
        if action in ("add", "view"):
            opened = Scheme.objects.filter(owner__in=institutions_of(user)).exists()
            return opened or (action == "view" and ModelPermissionPolicy.user_has_permission(self, user, "view"))
        return False

    def _waiting_for(self, user) -> list[int]:
        """Return the keys of the updates whose present task ``user`` may decide."""
        waiting = TaskState.objects.reviewable_by(user).filter(workflow_state__base_content_type=self._content_type)
        return [int(key) for key in waiting.values_list("workflow_state__object_id", flat=True)]

    def _handed_in(self, user) -> Q:
        if not ModelPermissionPolicy.user_has_permission(self, user, "view"):
            return Q(pk__in=[])
        states = WorkflowState.objects.filter(base_content_type=self._content_type)
        return Q(live=True) | Q(pk__in=[int(key) for key in states.values_list("object_id", flat=True)])


class OfficePolicy(RowPolicy):
    """Offices end, they are not deleted."""

    def allows(self, action: str, instance: Model) -> bool:
        return action != "delete"


def institutions_of(user) -> QuerySet:
    """Return the institutions for which ``user`` holds an office now."""
    if not user.is_authenticated or not user.is_active:
        return Institution.objects.none()
    return Institution.objects.filter(pk__in=Officer.objects.current().filter(user=user).values("institution"))


def register_policies() -> None:
    """Hand each model's policy to Wagtail's registry; called once, before any viewset is made."""
    for model in (ResourceCentre, Initiative, Cluster):
        register_permission_policy(model, PublicEntryPolicy(model))
    register_permission_policy(Scheme, OwnEntryPolicy(Scheme, owner="owner"))
    register_permission_policy(Institution, OwnEntryPolicy(Institution, owner="pk"))
    register_permission_policy(SchemeUpdate, SchemeUpdatePolicy(SchemeUpdate))
    register_permission_policy(Officer, OfficePolicy(Officer))
    for model in (*REFERENCE_LISTS, *VOCABULARIES, Synonym, BestBet):
        register_permission_policy(model, RowPolicy(model))
