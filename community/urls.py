"""Addresses of the exchange."""

urlpatterns: list = []
