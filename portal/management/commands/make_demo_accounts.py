"""One account for each role of the demonstration."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from community.models import Community
from community.services import communities
from knowledge.models import Institution
from knowledge.services import offices
from portal.demo.accounts import ACCOUNTS, PASSWORD, DemoAccount


class Command(BaseCommand):
    """Makes the accounts of ``portal.demo.accounts``; one that exists is left as it is."""

    help = "Make one account for each role to sign in to the demonstration with."

    def handle(self, *args, **options) -> None:
        if not settings.DEMO:
            raise CommandError("These accounts have a public password: only the demonstration gets them.")
        made = [account.email for account in ACCOUNTS if self.make(account)]
        self.stdout.write(f"{len(made)} accounts made, {len(ACCOUNTS) - len(made)} already there.")

    @transaction.atomic
    def make(self, account: DemoAccount) -> bool:
        """Make the account with all that its role needs; return False where it exists."""
        users = get_user_model().objects
        if users.filter(email=account.email).exists():
            return False
        make_user = users.create_superuser if account.is_administrator else users.create_user
        user = make_user(account.email, PASSWORD, name=account.name)
        EmailAddress.objects.create(user=user, email=account.email, verified=True, primary=True)
        now = timezone.now()
        member = communities.register_member(user=user, name=account.name, occupation=account.occupation, now=now)
        if account.community:
            community = self.find(Community, account.community)
            membership = communities.join(member=member, community=community, now=now)
            if account.role != membership.role:
                communities.change_role(membership=membership, role=account.role, by=None, now=now)
        if account.institution:
            offices.start_office(user=user, institution=self.find(Institution, account.institution), now=now)
        if account.group:
            user.groups.add(self.find(Group, account.group, by="name"))
        return True

    def find(self, model, value: str, by: str = "slug"):
        """Return the row that the starting content brought, or say in plain words that it is not there."""
        row = model.objects.filter(**{by: value}).first()
        if row is None:
            raise CommandError(f"There is no {model._meta.verbose_name} “{value}”: load the starting content first.")
        return row
