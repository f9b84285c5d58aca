"""Addresses of the desk, below the admin's."""

from django.urls import path

from . import bulk, leases, live, notes, views
from .people import inviting, members
from .records import views as records

urlpatterns = [
    path("moderation/", views.desk, name="desk"),
    path("moderation/<int:pk>/", views.desk_item, name="desk_item"),
    path("moderation/<int:pk>/decide/", views.desk_decide, name="desk_decide"),
    path("moderation/live/", live.desk_live, name="desk_live"),
    path("moderation/next/", leases.desk_next, name="desk_next"),
    path("moderation/several/", bulk.desk_bulk, name="desk_bulk"),
    path("moderation/<int:pk>/lease/", leases.desk_lease, name="desk_lease"),
    path("moderation/<int:pk>/heartbeat/", leases.desk_heartbeat, name="desk_heartbeat"),
    path("moderation/<int:pk>/undo/", views.desk_undo, name="desk_undo"),
    path("moderation/<int:pk>/note/", notes.desk_note, name="desk_note"),
    path("moderation/notes/<int:pk>/end/", notes.desk_note_end, name="desk_note_end"),
    path("moderation/<int:pk>/afterwards/", records.desk_afterwards, name="desk_afterwards"),
    path("moderation/members/<int:pk>/", records.desk_member, name="desk_member"),
    path("moderation/compile/<slug:slug>/", views.compile_question, name="compile_question"),
    path("members/", members.members_home, name="members_home"),
    path("members/<slug:slug>/", members.members_of, name="members_of"),
    path("members/<slug:slug>/<int:pk>/", members.members_one, name="members_one"),
    path("members/<slug:slug>/invitations/", inviting.invitations_of, name="invitations_of"),
    path("members/<slug:slug>/invitations/<int:pk>/revoke/", inviting.invitations_revoke, name="invitations_revoke"),
    path("members/<slug:slug>/step-down/", members.members_step_down, name="members_step_down"),
]
