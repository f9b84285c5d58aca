"""Entries of the registries are found in a text by their names."""

import pytest
from django.utils import timezone

from knowledge.services.naming import entries_of, namings_in
from search.editorial.remembered import forget_everything
from tests.factories.knowledge import (
    ClusterFactory,
    InitiativeFactory,
    InstitutionFactory,
    ResourceCentreFactory,
    SchemeFactory,
)

pytestmark = pytest.mark.django_db


def named(text: str) -> list:
    return entries_of(namings_in(text))


def test_an_entry_is_named_by_its_name_in_any_case_and_by_its_other_names():
    scheme = SchemeFactory(name="Handloom Cluster Programme", aliases="Weavers' Support Scheme\nबुनकर सहायता योजना")

    assert named("Does the handloom  cluster\nprogramme pay?") == [scheme]
    assert named("Ask for the WEAVERS' support scheme.") == [scheme]
    assert named("क्या बुनकर सहायता योजना इसके लिए है?") == [scheme]
    assert named("The handloom cluster has a programme.") == []


def test_a_short_name_counts_as_it_is_written_because_in_small_letters_it_is_a_word():
    scheme = SchemeFactory(name="Another programme altogether", short_name="STEP")

    assert named("STEP pays for the course.") == [scheme]
    assert named("Go step by step.") == []


def test_the_longer_name_wins_and_each_entry_is_given_once():
    short = InitiativeFactory(name="Clean Ganga")
    long = InitiativeFactory(name="Clean Ganga Tannery Fund")

    assert named("Clean Ganga Tannery Fund, and the Clean Ganga Tannery Fund again") == [long]
    assert named("clean ganga tannery") == [short]


def test_a_centre_goes_by_the_names_of_its_institution_too():
    institution = InstitutionFactory(name="Central Footwear Institute", short_name="CFTI")
    centre = ResourceCentreFactory(name="Testing laboratory at Agra", institution=institution)

    assert set(named("We sent a sample to CFTI.")) == {centre, institution}


def test_where_a_name_stands_is_told_in_characters_of_the_text():
    ClusterFactory(name="Samalkha foundries")
    text = "कल हम Samalkha foundries गए।"

    (naming,) = namings_in(text)

    assert text[naming.start : naming.end] == "Samalkha foundries"


def test_what_is_withdrawn_or_not_public_is_not_named():
    SchemeFactory(name="Ended fund for dyers", withdrawn_at=timezone.now())
    SchemeFactory(name="Draft fund for dyers", live=False)

    assert named("The ended fund for dyers and the draft fund for dyers.") == []


def test_finding_names_costs_the_same_queries_for_a_long_text_and_many_entries(django_assert_max_num_queries):
    for number in range(8):
        SchemeFactory(name=f"Programme number {number} for dyers")
    text = " ".join(f"Programme number {number} for dyers" for number in range(8)) * 50
    forget_everything()

    with django_assert_max_num_queries(7):
        assert len(named(text)) == 8


@pytest.mark.parametrize("text", ["", "   ", "\x00", "<script>", "a" * 50_000, "𝒳 " * 1000, "'" * 999])
def test_any_text_can_be_asked(text):
    SchemeFactory(name="Handloom Cluster Programme")
    assert named(text) == []
