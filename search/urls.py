"""Addresses of search."""

from django.urls import path

from .pages import views

urlpatterns = [
    path("", views.search, name="search"),
    path("suggest/", views.suggest, name="search_suggest"),
]
