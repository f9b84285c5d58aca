"""What editors and officers see of registries, lists and people in the admin."""

from .guarded import OBJECT_ACTIONS, GuardedDeleteBulkAction, choosable, visible
from .lists import ReferenceListsGroup, VocabulariesGroup
from .officers import OfficesPanel, PeopleGroup
from .pages import PAGE_BULK_ACTIONS
from .registries import RegistriesGroup, leave_hiding_to_administrators
from .scheme_updates import PublishOwnUpdateMenuItem, put_handing_in_first

__all__ = [
    "OBJECT_ACTIONS",
    "PAGE_BULK_ACTIONS",
    "GuardedDeleteBulkAction",
    "OfficesPanel",
    "PeopleGroup",
    "PublishOwnUpdateMenuItem",
    "ReferenceListsGroup",
    "RegistriesGroup",
    "VocabulariesGroup",
    "choosable",
    "leave_hiding_to_administrators",
    "put_handing_in_first",
    "visible",
]
