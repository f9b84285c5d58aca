from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from search.documents import Concept
from search.editorial import remembered
from search.editorial.synonyms import (
    MAX_ALTERNATIVES,
    MAX_EXPANSIONS,
    MAX_WORDS,
    Rules,
    concepts,
    expand,
    load_synonyms,
)
from search.models import Synonym

FILE = """# acronyms
cfc, common facility centre
etp => etp, effluent treatment plant

# trade words
handloom,  hand loom, हथकरघा
"""


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "synonyms.txt"
    path.write_text(FILE, encoding="utf-8")
    return path


def rules(*groups: list[str]) -> Rules:
    made = Rules()
    for group in groups:
        made.add(group)
    return made


def test_each_word_of_a_question_is_a_concept_and_empty_words_are_left_out():
    assert concepts("How do we buy raw nuts?") == (Concept("buy"), Concept("raw"), Concept("nuts"))


def test_a_question_of_empty_words_keeps_them():
    assert concepts("what is it") == (Concept("what"), Concept("is"), Concept("it"))


def test_an_acronym_that_looks_like_an_empty_word_is_kept():
    assert Concept("IT") in concepts("finance for IT firms")


def test_terms_stand_for_each_other_in_any_inflection():
    known = rules(["cfc", "common facility centre"])
    assert concepts("CFCs here", known) == (Concept("CFCs", ("common facility centre",)), Concept("here"))
    assert concepts("common facility centres", known) == (Concept("common facility centres", ("cfc",)),)


def test_the_longest_phrase_wins_even_across_empty_words():
    known = rules(["training of trainers", "tot"], ["training", "course"])
    assert concepts("training of trainers now", known)[0] == Concept("training of trainers", ("tot",))
    assert concepts("training now", known)[0] == Concept("training", ("course",))


def test_one_way_means_one_way():
    known = Rules()
    known.add(["etp"], ["etp", "effluent treatment plant"])
    assert concepts("etp", known) == (Concept("etp", ("effluent treatment plant",)),)
    assert concepts("effluent treatment plant", known) == tuple(map(Concept, ("effluent", "treatment", "plant")))


def test_a_term_of_two_groups_has_the_others_of_both():
    known = rules(["loan", "ऋण"], ["credit", "loan"])
    assert concepts("loan", known) == (Concept("loan", ("ऋण", "credit")),)


def test_text_words_and_expansions_are_bounded():
    known = rules(["a1", *(f"other{n}" for n in range(50))])
    found = concepts("a1 " * 10_000, known)
    assert len(found) <= MAX_WORDS
    assert len(found[0].alternatives) == MAX_ALTERNATIVES
    assert sum(len(concept.alternatives) for concept in found) <= MAX_EXPANSIONS


@pytest.mark.django_db
def test_a_file_becomes_rows_with_its_comments_as_notes(file):
    assert load_synonyms(file) == 3
    one_way = Synonym.objects.get(one_way=True)
    assert (one_way.terms, one_way.replacement, one_way.note) == ("etp", "etp, effluent treatment plant", "acronyms")
    assert Synonym.objects.get(note="trade words").terms == "handloom, hand loom, हथकरघा"
    assert not Synonym.objects.filter(reviewed=True).exists()


@pytest.mark.django_db
def test_loading_again_leaves_what_editors_made_of_a_row(file):
    load_synonyms(file)
    Synonym.objects.filter(terms__startswith="cfc").update(terms="cfc, shared workshop")
    Synonym.objects.filter(one_way=True).update(in_use=False)
    assert load_synonyms(file) == 0
    assert Synonym.objects.count() == 3
    file.write_text(FILE + "dic, district industries centre\n", encoding="utf-8")
    assert load_synonyms(file) == 1


@pytest.mark.django_db
def test_a_change_counts_when_the_rules_are_older_than_their_bound(monkeypatch, django_assert_num_queries):
    now = 1000.0
    monkeypatch.setattr(remembered.time, "monotonic", lambda: now)
    with django_assert_num_queries(1):
        assert expand("cfc") == expand("cfc") == (Concept("cfc"),)
    Synonym.objects.create(terms="cfc, common facility centre")
    assert expand("cfc") == (Concept("cfc"),)
    now += 10
    assert expand("cfc") == (Concept("cfc", ("common facility centre",)),)
    Synonym.objects.update(in_use=False)
    now += 10
    assert expand("cfc") == (Concept("cfc"),)


@pytest.mark.parametrize(
    "values",
    [
        {"terms": "alone"},
        {"terms": "a, b", "one_way": True},
        {"terms": "a, b", "replacement": "c"},
        {"terms": ", ".join(f"t{n}" for n in range(30))},
        {"terms": "one two three four five six seven eight nine, b"},
    ],
)
@pytest.mark.django_db
def test_a_row_that_makes_no_sense_is_refused(values):
    with pytest.raises(ValidationError):
        Synonym(**values).full_clean()


@pytest.mark.django_db
def test_the_database_refuses_a_one_way_row_without_replacement():
    with pytest.raises(IntegrityError), transaction.atomic():
        Synonym.objects.create(terms="a", one_way=True)
