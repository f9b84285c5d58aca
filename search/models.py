"""Rows of search: what the index still has to take, and what editors keep: synonyms and best bets."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connections, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .analysis import tokens
from .documents import PUBLIC, SearchUnavailable
from .registry import get_engine

#: Rows of one INSERT; eight values each stay far below what any database takes as parameters.
ROWS_PER_STATEMENT = 100
MAX_TERMS = 24
MAX_WORDS_IN_TERM = 8
MAX_PHRASES = 24


class OutboxQuerySet(models.QuerySet):
    def pending(self) -> "OutboxQuerySet":
        """Return what an engine has not taken in its newest version."""
        return self.filter(version__gt=F("done_version"))

    def due(self, now: datetime) -> "OutboxQuerySet":
        """Return what is pending and may be tried at ``now``."""
        return self.pending().filter(Q(next_attempt_at=None) | Q(next_attempt_at__lte=now))

    def refused(self) -> "OutboxQuerySet":
        """Return what is pending because it failed, with the reason in ``error``."""
        return self.pending().exclude(error="")

    def bump(self, *, engine: str, source: str, keys: Iterable[str], now: datetime, above: int = 0) -> None:
        """Give each of ``keys`` a new version, greater than its last one and than ``above``.

        One statement on SQLite and PostgreSQL alike. It locks the row until the caller's transaction ends, so that
        the versions of a key grow in the order of commits, and whoever reads a version reads content at least as new.
        """
        connection = connections[self.db]
        moment = connection.ops.adapt_datetimefield_value(now)
        # Sorted, so that two writers of the same keys wait for each other instead of dead-locking.
        rows = [[engine, source, key, above + 1, "", moment, moment] for key in sorted(set(keys))]
        with connection.cursor() as cursor:
            for start in range(0, len(rows), ROWS_PER_STATEMENT):
                batch = rows[start : start + ROWS_PER_STATEMENT]
                values = ", ".join(["(%s, %s, %s, %s, 0, 0, %s, %s, %s)"] * len(batch))
                cursor.execute(_BUMP.format(values=values), [value for row in batch for value in row])


_BUMP = """
    INSERT INTO search_outboxentry
        (engine, source, key, version, done_version, attempts, error, created_at, updated_at)
    VALUES {values}
    ON CONFLICT (engine, source, key) DO UPDATE SET
        version = CASE WHEN search_outboxentry.version < excluded.version
                       THEN excluded.version ELSE search_outboxentry.version + 1 END,
        attempts = 0,
        error = '',
        next_attempt_at = NULL,
        updated_at = excluded.updated_at
"""


class OutboxEntry(models.Model):
    """That a key changed, or went. Never deleted; ``version`` only grows; what is above ``done_version`` is pending."""

    engine = models.CharField(max_length=40)
    source = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    version = models.PositiveBigIntegerField(default=1)
    done_version = models.PositiveBigIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    #: Empty: at once. Also set while a worker has the row, so that it is tried again should that worker die.
    next_attempt_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("outbox entry")
        verbose_name_plural = _("outbox entries")
        constraints = [models.UniqueConstraint(fields=["engine", "source", "key"], name="outbox_entry_unique")]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"], condition=Q(version__gt=F("done_version")), name="outbox_pending"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.done_version}/{self.version}"


class Synonym(models.Model):
    """Words that mean the same; or, one way, words that also stand for others."""

    terms = models.TextField(
        _("terms"), help_text=_("Separated by commas. A search for one of them also searches the others.")
    )
    one_way = models.BooleanField(
        _("one way"), default=False, help_text=_("The terms also search what they stand for.")
    )
    replacement = models.TextField(_("stand for"), blank=True, help_text=_("Only one way. Separated by commas."))
    note = models.CharField(_("note"), max_length=255, blank=True)
    in_use = models.BooleanField(_("in use"), default=True)
    reviewed = models.BooleanField(_("reviewed"), default=False, help_text=_("Somebody here has read and kept it."))
    #: The line of the file that this row was loaded from: loading again leaves it as editors made it.
    loaded_as = models.TextField(blank=True, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["terms"]
        constraints = [
            models.UniqueConstraint(fields=["loaded_as"], condition=~Q(loaded_as=""), name="synonym_loaded_once"),
            models.CheckConstraint(
                condition=Q(one_way=False, replacement="") | (Q(one_way=True) & ~Q(replacement="")),
                name="synonym_one_way_has_replacement",
                violation_error_message=_("Say what the terms stand for if it works one way, and only then."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.terms} => {self.replacement}" if self.one_way else self.terms

    @property
    def term_list(self) -> list[str]:
        return split_terms(self.terms)

    @property
    def replacement_list(self) -> list[str]:
        return split_terms(self.replacement)

    def clean(self) -> None:
        if not self.one_way and len(self.term_list) < 2:
            raise ValidationError({"terms": _("Write at least two terms, with a comma between them.")})
        for name in ("terms", "replacement"):
            terms = split_terms(getattr(self, name))
            if len(terms) > MAX_TERMS:
                raise ValidationError({name: _("Write at most %(count)d terms.") % {"count": MAX_TERMS}})
            if any(len(term.split()) > MAX_WORDS_IN_TERM for term in terms):
                message = _("Write at most %(count)d words in a term.") % {"count": MAX_WORDS_IN_TERM}
                raise ValidationError({name: message})


class BestBet(models.Model):
    """An entry that editors put first for some questions."""

    phrases = models.TextField(
        _("questions"),
        help_text=_("One a line. The entry comes first where somebody asks for these words and for nothing else."),
    )
    address = models.CharField(
        _("address"), max_length=500, help_text=_("Of a public page of this site, as /schemes/mse-cdp/.")
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=1, help_text=_("1 comes first where a question has several.")
    )
    note = models.CharField(_("note"), max_length=255, blank=True, help_text=_("Why it comes first; for editors only."))
    shown_from = models.DateField(_("shown from"), null=True, blank=True)
    shown_until = models.DateField(_("shown until"), null=True, blank=True, help_text=_("This day included."))
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("best bet")
        verbose_name_plural = _("best bets")
        ordering = ["address", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(shown_until=None) | Q(shown_from=None) | Q(shown_until__gte=F("shown_from")),
                name="best_bet_days_in_order",
                violation_error_message=_("The last day comes before the first one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{', '.join(self.phrase_list)} → {self.address}"

    @property
    def phrase_list(self) -> list[str]:
        return [phrase.strip() for phrase in self.phrases.splitlines() if phrase.strip()]

    def clean(self) -> None:
        """Refuse questions without a word, and addresses at which a visitor finds nothing."""
        errors = {}
        if not self.phrase_list or not all(tokens(phrase) for phrase in self.phrase_list):
            errors["phrases"] = _("Write words in each line.")
        elif len(self.phrase_list) > MAX_PHRASES:
            errors["phrases"] = _("Write at most %(count)d lines.") % {"count": MAX_PHRASES}
        path = _path_of(self.address)
        try:
            # What has one page for all languages is known by its address without language.
            there = get_engine().at([path, _without_language(path)], frozenset({PUBLIC}))
            if there:
                self.address = there[0].url
            else:
                errors["address"] = _("Nothing public stands at this address. Copy it from the page itself.")
        except SearchUnavailable:
            errors["address"] = _(
                "Search does not answer right now, so the address cannot be checked. Try again later."
            )
        if errors:
            raise ValidationError(errors)


def _path_of(address: str) -> str:
    """Return the path of an address copied from the browser; empty where it is none."""
    try:
        return urlsplit(address.strip()).path
    except ValueError:
        return ""


def _without_language(path: str) -> str:
    language, slash, rest = path.removeprefix("/").partition("/")
    return f"{slash}{rest}" if language in dict(settings.LANGUAGES) else path


def split_terms(text: str) -> list[str]:
    """Return the terms of a comma-separated list."""
    return [term.strip() for term in text.split(",") if term.strip()]
