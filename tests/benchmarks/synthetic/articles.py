"""Pages of knowledge: solutions, case studies, good practices."""

import json
import uuid

from django.utils.html import escape
from wagtail.models import Page

from knowledge import models
from knowledge.enums import Outcome, PayoffDomain

from .entries import Entry


def solution(entry: Entry) -> None:
    """Add a solution."""
    blocks = [_paragraph(entry, text) for text in entry.writer.paragraphs(_long(entry, "solutions", "solution"))]
    blocks += [_step(entry) for _number in range(entry.chance.choice((0, 0, 0, 2, 4)))]
    page = _page(
        entry,
        models.SolutionPage,
        "solutions",
        subject=entry.short(110, "solutions", "subject"),
        problem=entry.text("solutions", "problem"),
        solution=json.dumps(blocks),
        what_it_needs=entry.text("solutions", "what_it_needs", share=0.8),
        limits=entry.text("solutions", "limits", share=0.8),
    )
    rows, world = entry.world.rows, entry.world
    rows.link(models.SolutionPage.schemes.field, page.pk, world.schemes.draw(entry.chance, 2))
    rows.link(models.SolutionPage.case_studies.field, page.pk, world.cases.draw(entry.chance, 2))


def case_study(entry: Entry) -> None:
    """Add a case study."""
    page = _page(
        entry,
        models.CaseStudyPage,
        "case_studies",
        subject=entry.short(110, "case_studies", "subject"),
        cluster_id=entry.world.clusters.one(entry.chance, 0.7),
        problem=entry.text("case_studies", "problem"),
        what_was_done=entry.writer.text(_long(entry, "case_studies", "what_was_done")),
        results=entry.text("case_studies", "results"),
        outcome=entry.chance.choice(Outcome.values),
        pitfalls=entry.lines(3, "case_studies", "pitfalls"),
        lessons=entry.lines(4, "case_studies", "lessons"),
    )
    rows, world = entry.world.rows, entry.world
    rows.link(models.CaseStudyPage.actors.field, page.pk, world.institutions.draw(entry.chance, 2))
    rows.link(models.CaseStudyPage.schemes.field, page.pk, world.schemes.draw(entry.chance, 1))


def best_practice(entry: Entry) -> None:
    """Add a good practice."""
    page = _page(
        entry,
        models.BestPracticePage,
        "best_practices",
        practice=entry.text("best_practices", "practice"),
        why_it_works=entry.text("best_practices", "why_it_works", share=0.9),
        steps=entry.lines(6, "best_practices", "steps"),
        conditions=entry.text("best_practices", "conditions", share=0.8),
        costs=entry.text("best_practices", "costs", share=0.8),
        payoff_domain=entry.chance.choice(PayoffDomain.values),
    )
    entry.world.rows.link(models.BestPracticePage.evidence.field, page.pk, entry.world.cases.draw(entry.chance, 2))


def _long(entry: Entry, file: str, *path: str) -> int:
    """Return a length as in the starting content, and for one of eight several times as much."""
    factor = entry.chance.choice((3, 5, 8)) if entry.chance.random() < 0.12 else 1
    return entry.writer.length(file, *path) * factor


def _page(entry: Entry, model: type[models.KnowledgePage], file: str, **own) -> models.KnowledgePage:
    """Add the rows of a page: what is Wagtail's, what all articles share, what is its kind's."""
    world, chance, rows = entry.world, entry.chance, entry.world.rows
    number = rows.number(Page)
    title = entry.writer.title(entry.writer.length(file, "title"), str(entry.index))
    state = entry.publishing
    shared = {name: state.pop(name) for name in ("withdrawn_at", "withdrawn_reason")} | entry.facts
    tree = world.place(model)
    core = {
        "title": title,
        "draft_title": title,
        "slug": entry.slug,
        "url_path": world.address(model, entry.slug),
        "content_type_id": world.types[model],
        "translation_key": _key(entry),
        "locale_id": world.locale,
    }
    rows.add(Page(pk=number, **core, **tree, **state))
    shared |= {"summary": entry.text(file, "subject" if "subject" in own else "practice", share=0.9)[:300]}
    shared |= {"stage_id": world.stages.one(chance, 0.7)}
    rows.add(models.KnowledgePage(page_ptr_id=number, pk=number, **shared))
    page = model(knowledgepage_ptr_id=number, page_ptr_id=number, pk=number, **own)
    rows.add(page)
    rows.link(models.KnowledgePage.themes.field, number, world.themes.draw(chance, 4, 1))
    rows.link(models.KnowledgePage.sectors.field, number, world.sectors.draw(chance, 2))
    rows.link(models.KnowledgePage.states.field, number, world.states.draw(chance, 2))
    return page


def _paragraph(entry: Entry, text: str) -> dict:
    return {"type": "paragraph", "value": f"<p>{escape(text)}</p>", "id": str(_key(entry))}


def _step(entry: Entry) -> dict:
    title = entry.short(150, "best_practices", "steps")
    text = f"<p>{escape(entry.text('best_practices', 'steps'))}</p>"
    return {"type": "step", "value": {"title": title, "text": text}, "id": str(_key(entry))}


def _key(entry: Entry) -> uuid.UUID:
    return uuid.UUID(int=entry.chance.getrandbits(128), version=4)
