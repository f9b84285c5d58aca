"""What production lacks is said in plain words, and nothing is said where it lacks nothing."""

from types import SimpleNamespace

import pytest

from portal import checks

WHOLE = {
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
    "CELERY_BROKER_URL": "redis://redis/0",
    "REDIS_CACHE_URL": "redis://redis/1",
    "MAIL_TRANSPORT": "community.mail.transports.SmtpTransport",
    "EMAIL_HOST": "mail.example",
    "EMAIL_HOST_PASSWORD": "word",
    "EMAIL_USE_TLS": True,
    "EMAIL_USE_SSL": False,
    "DEMO": False,
    "ELASTICSEARCH_URL": "https://one.example:9200,https://two.example:9200",
    "ELASTICSEARCH_API_KEY": "key",
    "BASE_URL": "https://exchange.example",
    "ALLOWED_HOSTS": ["exchange.example"],
    "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
    "DEFAULT_FROM_EMAIL": "Exchange <exchange@exchange.example>",
    "METRICS_TOKEN": "word",
}


@pytest.fixture
def said(monkeypatch):
    """Return a function that gives the numbers of the warnings on the whole stack with some values of its own."""

    def numbers(**other) -> list[str]:
        monkeypatch.setattr(checks, "settings", SimpleNamespace(**WHOLE | other))
        return _said()

    return numbers


def _said() -> list[str]:
    found = (
        checks.production_has_its_servers(None)
        + checks.production_is_reached_as_it_says(None)
        + checks.production_keeps_its_words_to_itself(None)
    )
    assert all(warning.hint for warning in found)
    return [warning.id.rpartition(".")[2] for warning in found]


def test_a_whole_stack_lacks_nothing(said):
    assert said() == []


@pytest.mark.parametrize(
    ("lack", "number"),
    [
        ({"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}}, "W001"),
        ({"CELERY_BROKER_URL": "filesystem://localhost"}, "W002"),
        ({"MAIL_TRANSPORT": "community.mail.transports.FolderTransport"}, "W003"),
        ({"DEMO": True}, "W004"),
        ({"ELASTICSEARCH_URL": ""}, "W005"),
        ({"BASE_URL": "http://exchange.example"}, "W006"),
        ({"BASE_URL": "https://another.example"}, "W006"),
        ({"ALLAUTH_TRUSTED_PROXY_COUNT": 0}, "W007"),
        ({"DEFAULT_FROM_EMAIL": "Cluster Exchange <exchange@localhost>"}, "W008"),
        ({"ELASTICSEARCH_URL": "https://one.example:9200,http://two.example:9200"}, "W009"),
        ({"EMAIL_USE_TLS": False}, "W009"),
        ({"REDIS_CACHE_URL": "redis://redis/0"}, "W010"),
        ({"METRICS_TOKEN": ""}, "W011"),
    ],
)
def test_each_lack_has_its_warning(said, lack, number):
    assert said(**lack) == [number]


@pytest.mark.parametrize(
    "harmless",
    [
        {"ELASTICSEARCH_URL": "http://127.0.0.1:9200"},
        {"ELASTICSEARCH_URL": "http://elasticsearch:9200", "ELASTICSEARCH_API_KEY": ""},
        {"EMAIL_USE_TLS": False, "EMAIL_HOST": "localhost"},
        {"EMAIL_USE_TLS": False, "EMAIL_HOST_PASSWORD": ""},
    ],
)
def test_what_crosses_no_network_or_is_no_secret_is_no_lack(said, harmless):
    assert said(**harmless) == []
