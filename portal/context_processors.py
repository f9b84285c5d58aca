"""What every page knows of the site. Settings only, no query."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Return the site's name, its base address and whether this is the demonstration."""
    return {"site_name": settings.WAGTAIL_SITE_NAME, "demo": settings.DEMO, "base_url": settings.BASE_URL}
