"""Best bets in the admin: what an editor's form takes, and what the list says."""

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import querydict_from_html

from knowledge.services.groups import ensure_groups
from search import indexing
from search.models import BestBet
from tests.factories import knowledge as rows
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme(settings, tmp_path):
    """Return a scheme that can be found."""
    settings.SEARCH_INDEX_PATH = tmp_path / "search.sqlite3"
    scheme = rows.SchemeFactory(name="Scheme for dye houses", short_name="")
    while indexing.drain(now=timezone.now()).more:
        pass
    return scheme


@pytest.fixture
def editor(client):
    """Return a client at which an editor has signed in."""
    ensure_groups()
    client.force_login(UserFactory(editor=True))
    return client


def admin(name: str, *args) -> str:
    return reverse(BestBet.snippet_viewset.get_url_name(name), args=args)


def sent(client, **values):
    """Send the form for a new best bet."""
    form = querydict_from_html(client.get(admin("add")).text, form_id="w-editor-form")
    for name, value in values.items():
        form[name] = value
    return client.post(admin("add"), form)


def test_an_editor_puts_an_entry_first_and_visitors_find_it_so(editor, client, scheme):
    answer = sent(editor, phrases="effluent\ndirty water", address=f"http://testserver{scheme.get_absolute_url()}")
    assert answer.status_code == 302, answer.text
    [bet] = BestBet.objects.all()
    assert (bet.phrase_list, bet.address) == (["effluent", "dirty water"], scheme.get_absolute_url())
    assert scheme.get_absolute_url() in editor.get(admin("list")).text
    page = client.get("/search/?q=dirty+water").text
    assert "Chosen by the editors" in page
    assert f'href="{scheme.get_absolute_url()}"' in page


def test_the_address_on_the_hindi_site_is_kept_as_the_one_for_all_languages(editor, scheme):
    assert sent(editor, phrases="effluent", address=f"/hi{scheme.get_absolute_url()}").status_code == 302
    assert BestBet.objects.get().address == scheme.get_absolute_url()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"address": "/nowhere/"}, "Nothing public stands at this address."),
        ({"phrases": "???"}, "Write words in each line."),
        ({"shown_from": "2026-02-02", "shown_until": "2026-02-01"}, "The last day comes before the first one."),
    ],
)
def test_a_form_with_a_mistake_says_which_and_keeps_what_was_typed(editor, scheme, values, words):
    answer = sent(editor, **{"phrases": "effluent", "address": scheme.get_absolute_url()} | values)
    assert answer.status_code == 200
    assert words in answer.text
    assert all(value in answer.text for value in values.values())
    assert not BestBet.objects.exists()


def test_a_draft_cannot_be_put_first(editor, scheme):
    hidden = rows.SchemeFactory(name="Not yet public", draft=True)
    answer = sent(editor, phrases="effluent", address=f"/schemes/{hidden.slug}/")
    assert "Nothing public stands at this address." in answer.text


def test_others_than_editors_do_not_come_in(client, scheme):
    ensure_groups()
    bet = BestBet.objects.create(phrases="effluent", address=scheme.get_absolute_url())
    client.force_login(UserFactory(officer=True))
    for name, args in (("list", ()), ("add", ()), ("edit", (bet.pk,)), ("delete", (bet.pk,))):
        assert client.get(admin(name, *args)).status_code in (302, 403, 404), name
    assert BestBet.objects.exists()
