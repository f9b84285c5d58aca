"""Addresses of search."""

from django.urls import path

from .pages import feeds, views

urlpatterns = [
    path("", views.search, name="search"),
    path("feed/", feeds.search_feed, name="search_feed"),
    path("suggest/", views.suggest, name="search_suggest"),
]
