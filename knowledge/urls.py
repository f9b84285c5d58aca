"""Public addresses of what is known; pages of articles are Wagtail's."""

from django.urls import path

from knowledge.syndication.feeds import SchemeUpdatesFeed, SolutionsFeed
from knowledge.views import centres, clusters, initiatives, institutions, reference, schemes, themes

urlpatterns = [
    path("themes/", themes.ThemeList.as_view(), name="theme_list"),
    path("themes/<slug:slug>/", themes.ThemeDetail.as_view(), name="theme_detail"),
    path("schemes/", schemes.SchemeList.as_view(), name="scheme_list"),
    path("schemes/updates/", schemes.SchemeUpdateList.as_view(), name="scheme_updates"),
    path("schemes/updates/feed/", SchemeUpdatesFeed(), name="scheme_updates_feed"),
    path("schemes/<slug:slug>/", schemes.SchemeDetail.as_view(), name="scheme_detail"),
    path("centres/", centres.CentreList.as_view(), name="centre_list"),
    path("centres/<slug:slug>/", centres.CentreDetail.as_view(), name="centre_detail"),
    path("initiatives/", initiatives.InitiativeList.as_view(), name="initiative_list"),
    path("initiatives/<slug:slug>/", initiatives.InitiativeDetail.as_view(), name="initiative_detail"),
    path("clusters/", clusters.ClusterList.as_view(), name="cluster_list"),
    path("clusters/<slug:slug>/", clusters.ClusterDetail.as_view(), name="cluster_detail"),
    path("institutions/", institutions.InstitutionList.as_view(), name="institution_list"),
    path("institutions/<slug:slug>/", institutions.InstitutionDetail.as_view(), name="institution_detail"),
    path("glossary/", reference.Glossary.as_view(), name="glossary"),
    path("faq/", reference.FrequentQuestions.as_view(), name="faq"),
    path("definitions/", reference.Definitions.as_view(), name="definitions"),
    path("links/", reference.Links.as_view(), name="links"),
    path("publications/", reference.Publications.as_view(), name="publications"),
    path("statistics/", reference.Statistics.as_view(), name="statistics"),
    path("reference/", reference.ReferenceLists.as_view(), name="reference_lists"),
    path("solutions/feed/", SolutionsFeed(), name="solutions_feed"),
]
