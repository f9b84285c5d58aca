"""Loading the starting content, file after file."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.db import transaction

from knowledge.models import SourceDocument
from search.editorial.synonyms import load_synonyms

from . import articles, columns, reference_lists, registries, taxonomy
from .columns import Row, RowError
from .reader import FileUnreadable, Folder
from .references import References
from .rows import FileResult, Problem, RowLoader, Sheet

SYNONYMS_FILE = "synonyms.txt"
_SHEETS = registries.SHEETS | articles.SHEETS | reference_lists.SHEETS

#: Each file after those that its rows refer to.
FILES = (
    taxonomy.FILE,
    "institutions.json",
    "schemes.json",
    "clusters.json",
    "resource_centres.json",
    "initiatives.json",
    "case_studies.json",
    "best_practices.json",
    "solutions.json",
    "faqs.json",
    "glossary.json",
    "definitions.json",
    "links.json",
    "publications.json",
    "statistics.json",
    SYNONYMS_FILE,
)

#: Called with the file and the number of its rows that are done.
Progress = Callable[[str, int], None]


class SectionMissing(Exception):
    """A section that pages are to stand in does not stand yet."""


def load_content(
    *, folder: Folder, now: datetime, files: Iterable[str] = FILES, progress: Progress = lambda file, done: None
) -> Iterator[FileResult]:
    """Load ``files`` of ``folder`` in their right order, each in one transaction, and yield what became of each.

    Raises SectionMissing before anything is loaded. A file that cannot be read is a problem of its result.
    """
    chosen = [file for file in FILES if file in set(files)]
    for file, section in articles.SECTIONS.items():
        if file in chosen and not section.objects.exists():
            raise SectionMissing(section._meta.verbose_name)
    return _load_all(chosen, folder, now, progress)


def _load_all(files: list[str], folder: Folder, now: datetime, progress: Progress) -> Iterator[FileResult]:
    references = References()
    for file in files:
        if file == SYNONYMS_FILE:
            yield _load_synonyms(folder)
            continue
        result = FileResult(file)
        try:
            with transaction.atomic():
                _load_sources(file, folder, references, now)
                for sheet, rows in _sheets(file, folder):
                    _load_sheet(sheet, rows, result, references, now, progress)
        except FileUnreadable as error:
            result = FileResult(file, problems=[Problem(file, "", str(error))])
            references = References()
        yield result


def _load_sheet(
    sheet: Sheet, rows: list[Row], result: FileResult, references: References, now: datetime, progress: Progress
) -> None:
    RowLoader(sheet, result, references, now).load(rows, lambda done: progress(result.file, done))


def _sheets(file: str, folder: Folder) -> Iterable[tuple[Sheet, list[Row]]]:
    if file == taxonomy.FILE:
        return taxonomy.sheets(folder)
    return [(_SHEETS[file](folder), folder.rows(file))]


def _load_sources(file: str, folder: Folder, references: References, now: datetime) -> None:
    """Load the documents that the rows of ``file`` name; what is wrong with them is reported with their rows."""
    if file == taxonomy.FILE:
        return
    documents: dict[str, Row] = {}
    for row in folder.rows(file):
        try:
            titles = columns.sources(row) if isinstance(row, dict) else []
        except RowError:
            continue
        years = {item["document"]: item.get("year") for item in row["sources"]} if titles else {}
        documents |= {title: {"slug": title[:120], "title": title, "year": years[title]} for title in titles}
    sheet = Sheet(
        SourceDocument,
        {"title": columns.required_text("title"), "year": columns.year("year")},
        key="title",
    )
    RowLoader(sheet, FileResult("sources"), references, now).load(documents.values(), lambda done: None)


def _load_synonyms(folder: Folder) -> FileResult:
    """Hand the synonyms to search, which keeps them as rows and leaves alone what it took before."""
    result = FileResult(SYNONYMS_FILE)
    path = folder.path / SYNONYMS_FILE
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        result.rows = sum(bool(line) and not line.startswith("#") for line in lines)
        result.created = load_synonyms(path)
    except FileNotFoundError:
        result.problems.append(Problem(SYNONYMS_FILE, "", "the file is missing"))
    except UnicodeDecodeError:
        result.problems.append(Problem(SYNONYMS_FILE, "", "the file is not UTF-8"))
    return result
