"""Wagtail: the editor's side."""

from . import env
from .env import VAR_DIR  # noqa: F401

WAGTAIL_SITE_NAME = "Cluster Exchange"
WAGTAILADMIN_BASE_URL = env.BASE_URL
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("hi", "हिन्दी")]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English"), ("hi", "हिन्दी")]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database"}}
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "knowledge.services.approval.publish_approved"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_USER_TIME_ZONES = ["Asia/Kolkata"]
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # no third party learns who edits
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "txt", "xlsx"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]

# Signing in, passwords and addresses belong to allauth alone.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"  # the admin's own sign-in leads there too (portal.views.admin_doors)
