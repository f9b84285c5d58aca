"""Accounts with a verified address, by the part they play."""

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from factory.django import DjangoModelFactory

PASSWORD = "a long word for tests 42"


def entry_group(name: str) -> Group:
    """Return the group ``name`` with the right to enter the admin."""
    group, _created = Group.objects.get_or_create(name=name)
    group.permissions.add(Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin"))
    return group


class UserFactory(DjangoModelFactory):
    """An account that can sign in with ``PASSWORD``; traits put it into a group with entry to the admin.

    The trait ``officer`` gives the group alone; what an officer may do is decided by rows of ``Officer``.
    """

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    class Params:
        superuser = factory.Trait(is_superuser=True, is_staff=True)
        editor = factory.Trait(in_groups=["Editors"])
        moderator = factory.Trait(in_groups=["Moderators"])
        officer = factory.Trait(in_groups=["Officers"])

    email = factory.Sequence(lambda number: f"person{number}@example.org")
    name = factory.Sequence(lambda number: f"Person {number}")
    password = PASSWORD
    in_groups: list[str] = []

    @classmethod
    def _create(cls, model_class, *args, in_groups=(), **kwargs):
        user = model_class.objects.create_user(*args, **kwargs)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        user.groups.add(*(entry_group(name) for name in in_groups))
        return user
