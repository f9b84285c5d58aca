"""Addresses of the exchange."""

from django.urls import path

from .views import communities, moderation_figures, my, profile, questions, subscriptions, threads
from .views.cases import joining, reports
from .views.people import invitations, members
from .views.thread_life import acting, uses
from .views.writing import drafts, suggesting

urlpatterns = [
    path("ask/", questions.ask, name="ask"),
    path("ask/similar/", suggesting.ask_similar, name="ask_similar"),
    path("questions/", questions.question_list, name="question_list"),
    path("questions/<slug:slug>/", threads.question_detail, name="question_detail"),
    path("questions/<slug:slug>/reply/", threads.reply, name="reply"),
    path("questions/<slug:slug>/report/", reports.report, name="report"),
    path("questions/<slug:slug>/me-too/", threads.me_too, name="me_too"),
    path("questions/<slug:slug>/thread/", acting.thread_act, name="thread_act"),
    path("questions/<slug:slug>/used/", uses.reply_use, name="reply_use"),
    path("communities/", communities.community_list, name="community_list"),
    path("communities/<slug:slug>/", communities.community_detail, name="community_detail"),
    path("communities/<slug:slug>/join/", joining.community_join, name="community_join"),
    path("communities/<slug:slug>/leave/", communities.community_leave, name="community_leave"),
    path("moderation/figures/", moderation_figures.moderation_figures, name="moderation_figures"),
    path("my/", my.my, name="my"),
    path("my/submissions/<int:pk>/", my.my_submission, name="my_submission"),
    path("my/submissions/<int:pk>/withdraw/", my.my_submission_withdraw, name="my_submission_withdraw"),
    path("my/submissions/<int:pk>/appeal/", my.my_submission_appeal, name="my_submission_appeal"),
    path("my/drafts/<slug:key>/throw-away/", drafts.my_draft_drop, name="my_draft_drop"),
    path("my/reports/", reports.my_reports, name="my_reports"),
    path("my/reports/<int:pk>/withdraw/", reports.my_report_withdraw, name="my_report_withdraw"),
    path("my/subscriptions/", subscriptions.my_subscriptions, name="my_subscriptions"),
    path("my/deliveries/", subscriptions.my_deliveries, name="my_deliveries"),
    path("my/suspensions/<int:pk>/", profile.my_suspension, name="my_suspension"),
    path("my/profile/", profile.my_profile, name="my_profile"),
    path("my/leave/", profile.my_leave, name="my_leave"),
    path("members/<slug:slug>/", members.member_detail, name="member_detail"),
    path("invitations/<str:secret>/", invitations.invitation, name="invitation"),
    path("mail/stop/<str:token>/", subscriptions.unsubscribe, name="unsubscribe"),
]
