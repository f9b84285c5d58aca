"""Public addresses of what is known; pages of articles are Wagtail's."""

urlpatterns: list = []
