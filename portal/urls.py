"""Every address of the portal, in one screen; Wagtail's pages come last."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.views.generic import TemplateView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from community.sitemaps import SITEMAPS as COMMUNITY_SITEMAPS
from knowledge.syndication.sitemaps import SITEMAPS as KNOWLEDGE_SITEMAPS
from portal.views import admin_doors, outbox

urlpatterns = [
    path("", include("portal.observability.urls")),
    path(
        "sitemap.xml",
        sitemap,
        {"sitemaps": KNOWLEDGE_SITEMAPS | COMMUNITY_SITEMAPS},
        name="sitemap",
    ),
    path("robots.txt", TemplateView.as_view(template_name="robots.txt", content_type="text/plain"), name="robots"),
    # Wagtail's own doors, which know no second factor, lie behind these.
    path("admin/login/", admin_doors.sign_in),
    path("admin/logout/", admin_doors.sign_out),
    path("admin/account/", admin_doors.account),
    path("admin/failwhale/", admin_doors.nothing_here),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]
if settings.DEMO:
    urlpatterns += [
        path("media/<path:path>", outbox.media, name="media"),
        path("outbox/", outbox.outbox, name="outbox"),
        path("outbox/<int:pk>/", outbox.outbox_mail, name="outbox_mail"),
    ]

urlpatterns += i18n_patterns(
    path("accounts/", include("allauth.urls")),
    path("search/", include("search.urls")),
    path("", include("community.urls")),
    path("", include("knowledge.urls")),
    path("_util/login/", admin_doors.sign_in),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
