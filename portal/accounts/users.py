"""Accounts in the admin. Passwords are never set here; the address and the rights only by administrators."""

from allauth.account.models import EmailAddress
from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.db.models.deletion import Collector
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views import generic
from wagtail.users.views import bulk_actions, users

from knowledge.permissions import MODERATORS, OFFICERS
from knowledge.services.offices import refresh_derived_groups

User = get_user_model()

#: Groups that follow from rows; only the services that start and end a membership or an office write them.
DERIVED_GROUPS = (MODERATORS, OFFICERS)


class AccountForm(forms.ModelForm):
    """What ``by`` may say of an account: administrators all, others the name and whether it is switched on."""

    class Meta:
        model = User
        fields = ["email", "name", "is_active", "is_superuser", "groups"]
        widgets = {"groups": forms.CheckboxSelectMultiple}

    def __init__(self, *args, by, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_superuser"].label = _("Administrator")
        self.fields["is_superuser"].help_text = _("Administrators may change everything.")
        self.fields["groups"].queryset = Group.objects.exclude(name__in=DERIVED_GROUPS).order_by("name")
        self.fields["groups"].help_text = _("Moderators and Officers follow from memberships and offices.")
        if not by.is_superuser:
            del self.fields["is_superuser"], self.fields["groups"]
            self.fields["email"].disabled = bool(self.instance.pk)
        if self.instance.pk == by.pk:
            self.fields.pop("is_superuser", None)
            del self.fields["is_active"]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip().lower()
        if EmailAddress.objects.filter(email=email, verified=True).exclude(user=self.instance.pk).exists():
            raise ValidationError(_("Another account has this address."), code="taken")
        return email

    @transaction.atomic
    def save(self, commit: bool = True) -> User:
        """Save the account; a new one gets its password when its owner asks for one by mail."""
        user = self.instance
        if user._state.adding:
            user.set_unusable_password()
        derived = list(user.groups.filter(name__in=DERIVED_GROUPS)) if user.pk else []
        super().save(commit)
        if commit:
            user.groups.add(*derived)
            self._keep_address()
            refresh_derived_groups(now=timezone.now())
        return user

    def _keep_address(self) -> None:
        """Give allauth the address: one that changed must be confirmed by its owner before it counts."""
        user = self.instance
        if EmailAddress.objects.filter(user=user, email=user.email, primary=True).exists():
            return
        EmailAddress.objects.filter(user=user).delete()
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)


def may_touch(by, user) -> bool:
    """Return whether ``by`` may change anything of ``user``: administrators are changed by administrators alone."""
    return by.is_superuser or not user.is_superuser


def may_delete(by, user) -> bool:
    """Return whether the account may go: only one that was never used, everything else is switched off."""
    if not users.user_can_delete_user(by, user) or user.last_login:
        return False
    try:
        Collector(using=user._state.db or "default").collect([user])
    except ProtectedError:
        return False
    return True


class CreateView(users.CreateView):
    def get_form_kwargs(self) -> dict:
        return {**super().get_form_kwargs(), "by": self.request.user}


class EditView(users.EditView):
    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.can_delete = may_delete(request.user, self.object)

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not may_touch(request.user, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        kwargs = super().get_form_kwargs()
        del kwargs["editing_self"]
        return {**kwargs, "by": self.request.user}


class DeleteView(users.DeleteView):
    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not may_delete(request.user, self.get_object()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class IndexView(users.IndexView):
    search_fields = ["name", "email"]

    def get_delete_url(self, instance) -> str | None:
        return super().get_delete_url(instance) if may_delete(self.request.user, instance) else None


class UserViewSet(users.UserViewSet):
    """Accounts, with the forms of our ``User``."""

    copy_view_enabled = False
    menu_label = _("Accounts")
    index_view_class = IndexView
    add_view_class = CreateView
    edit_view_class = EditView
    delete_view_class = DeleteView
    create_template_name = generic.CreateView.template_name
    edit_template_name = generic.EditView.template_name

    def get_form_class(self, for_update: bool = False) -> type[AccountForm]:
        return AccountForm


class AssignRole(bulk_actions.AssignRoleBulkAction):
    """Puts accounts into a group: administrators do, and never into a group that follows from rows."""

    def check_perm(self, obj) -> bool:
        return self.request.user.is_superuser

    def get_form(self, form_class=None) -> forms.Form:
        form = super().get_form(form_class)
        form.fields["role"].queryset = Group.objects.exclude(name__in=DERIVED_GROUPS)
        return form


class SetActiveState(bulk_actions.SetActiveStateBulkAction):
    """Switches accounts on or off, with the groups that follow from it."""

    def check_perm(self, obj) -> bool:
        return super().check_perm(obj) and may_touch(self.request.user, obj)

    @classmethod
    def execute_action(cls, objects, **kwargs) -> tuple[int, int]:
        done = super().execute_action(objects, **kwargs)
        refresh_derived_groups(now=timezone.now())
        return done


class Delete(bulk_actions.DeleteBulkAction):
    """Deletes accounts that were never used."""

    def check_perm(self, obj) -> bool:
        return may_delete(self.request.user, obj)
