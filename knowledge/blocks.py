"""Every StreamField block. Blocks know no reply: a quote keeps numbers that ``community`` checks and resolves."""

from collections.abc import Callable
from contextlib import suppress

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from .enums import Outcome

FORMER_MEMBER = _("Former member")
PARAGRAPH_FEATURES = ["bold", "italic", "link", "ol", "ul"]

#: Takes the words, the number of the reply and of its revision; returns what is wrong with them, or an empty text.
QuoteCheck = Callable[[str, int, int], str]
_quote_checks: list[QuoteCheck] = []
#: Takes numbers of replies and returns those that readers may see no more.
HiddenReplies = Callable[[set[int]], set[int]]
_hidden_replies: list[HiddenReplies] = []


#: Takes numbers of members, or of replies, and returns those of people who have left for good.
OfFormerPeople = Callable[[set[int]], set[int]]
_former_members: list[OfFormerPeople] = []
_former_authors: list[OfFormerPeople] = []


def register_former_people(*, members: OfFormerPeople, authors: OfFormerPeople) -> None:
    """Add what says which members have left, and which replies are of such; called as ``register_hidden_replies``."""
    if members not in _former_members:
        _former_members.append(members)
        _former_authors.append(authors)


def _those(asked: list[OfFormerPeople], numbers: set[int]) -> set[int]:
    return set().union(*(ask(numbers) for ask in asked)) if numbers else set()


def _reworded(child: blocks.StreamValue.StreamChild, **words: str) -> blocks.StreamValue.StreamChild:
    value = blocks.StructValue(child.block, {**child.value, **words})
    return blocks.StreamValue.StreamChild(child.block, value, id=child.id)


def shown_contributors(stream: blocks.StreamValue) -> list[blocks.StreamValue.StreamChild]:
    """Return the contributors of ``stream``; who has left since the page was published has no name any more."""
    former = _those(_former_members, {block.value.get("member") for block in stream} - {None})
    without = {"name": str(FORMER_MEMBER), "place": ""}
    return [_reworded(block, **without) if block.value.get("member") in former else block for block in stream]


def register_hidden_replies(question: HiddenReplies) -> None:
    """Add what says which replies readers may see no more; called in ``AppConfig.ready()`` of whoever knows replies."""
    if question not in _hidden_replies:
        _hidden_replies.append(question)


def shown_blocks(stream: blocks.StreamValue) -> list[blocks.StreamValue.StreamChild]:
    """Return the blocks of ``stream`` as readers may see them now.

    Quotes of replies that were hidden since the page was published are left out; a quote of somebody who has left for
    good says only that.
    """
    numbers = {block.value["reply"] for block in stream if block.block_type == "quote"} - {None}
    hidden = set().union(*(ask(numbers) for ask in _hidden_replies)) if numbers else set()
    former = _those(_former_authors, numbers - hidden)
    shown = [block for block in stream if block.block_type != "quote" or block.value["reply"] not in hidden]
    return [
        _reworded(block, attribution=str(FORMER_MEMBER))
        if block.block_type == "quote" and block.value["reply"] in former
        else block
        for block in shown
    ]


def register_quote_check(check: QuoteCheck) -> None:
    """Add a check that every quote has to pass; called in ``AppConfig.ready()`` of whoever knows replies."""
    if check not in _quote_checks:
        _quote_checks.append(check)


class NumberedBlock(blocks.StructBlock):
    """A block whose whole numbers are numbers as soon as they are posted.

    Wagtail reads them as text and compares them with the stored numbers, so that an untouched form counted as changed:
    whoever approved from the editor had written the last version, and was refused.
    """

    def value_from_datadict(self, data, files, prefix):
        value = super().value_from_datadict(data, files, prefix)
        for name, child in self.child_blocks.items():
            if isinstance(child, blocks.IntegerBlock):
                with suppress(ValidationError):  # clean() reports what is no number
                    value[name] = child.field.to_python(value[name])
        return value


class StepBlock(blocks.StructBlock):
    """One step of a solution."""

    title = blocks.CharBlock(label=_("Step"), max_length=160)
    text = blocks.RichTextBlock(label=_("How"), features=PARAGRAPH_FEATURES, required=False)

    class Meta:
        icon = "list-ol"
        label = _("Step")
        template = "knowledge/blocks/step.html"


class QuoteBlock(NumberedBlock):
    """Words of a reply, with where they come from.

    ``reply`` and ``revision`` are primary keys in ``community``; the server refuses a quote whose reply was
    not released or whose text does not stand in that revision.
    """

    text = blocks.TextBlock(label=_("Words of the reply"), rows=4)
    reply = blocks.IntegerBlock(label=_("Number of the reply"), min_value=1)
    revision = blocks.IntegerBlock(label=_("Revision of the reply"), min_value=1)
    attribution = blocks.CharBlock(label=_("Who says it: role and place"), max_length=160)

    def clean(self, value):
        cleaned = super().clean(value)
        if cleaned["text"] and cleaned["reply"] and cleaned["revision"]:  # a draft may still lack some
            for check in _quote_checks:
                if problem := check(cleaned["text"], cleaned["reply"], cleaned["revision"]):
                    raise StructBlockValidationError({"text": ValidationError(problem, code="quote")})
        return cleaned

    class Meta:
        icon = "openquote"
        label = _("Quote from a reply")
        template = "knowledge/blocks/quote.html"


class ExperienceBlock(blocks.StructBlock):
    """What came of it in one place."""

    place = blocks.CharBlock(label=_("Place and time"), max_length=120)
    who = blocks.CharBlock(label=_("Who"), max_length=160, required=False)
    result = blocks.TextBlock(label=_("What came of it"), rows=2)
    outcome = blocks.ChoiceBlock(label=_("Outcome"), choices=Outcome.choices, default=Outcome.UNKNOWN)

    class Meta:
        icon = "site"
        label = _("Experience in a place")
        template = "knowledge/blocks/experience.html"


class FigureBlock(blocks.StructBlock):
    """One figure of a case, as its source states it."""

    label = blocks.CharBlock(label=_("What is counted"), max_length=120)
    value = blocks.CharBlock(label=_("Value"), max_length=40)
    unit = blocks.CharBlock(label=_("Unit"), max_length=60, required=False)

    class Meta:
        icon = "order"
        label = _("Figure")
        template = "knowledge/blocks/figure.html"


class ContributorBlock(NumberedBlock):
    """Somebody with a part in the exchange. ``member`` is a primary key in ``community``."""

    member = blocks.IntegerBlock(label=_("Number of the member"), min_value=1, required=False)
    name = blocks.CharBlock(label=_("Name as credited"), max_length=160)
    place = blocks.CharBlock(label=_("Organisation or place"), max_length=160, required=False)
    part = blocks.ChoiceBlock(
        label=_("Part"),
        choices=[
            ("asked", _("asked")),
            ("replied", _("answered")),
            ("compiled", _("compiled")),
            ("approved", _("approved")),
        ],
    )
    count = blocks.IntegerBlock(label=_("Number of messages"), min_value=0, default=1)

    class Meta:
        icon = "user"
        label = _("Contributor")
        template = "knowledge/blocks/contributor.html"


class SolutionBlock(blocks.StreamBlock):
    """The solution: paragraphs and steps in the order in which they help."""

    paragraph = blocks.RichTextBlock(label=_("Paragraph"), features=PARAGRAPH_FEATURES, icon="pilcrow")
    step = StepBlock()


class ExperiencesBlock(blocks.StreamBlock):
    """Where it was tried and who says so."""

    quote = QuoteBlock()
    experience = ExperienceBlock()


class FiguresBlock(blocks.StreamBlock):
    figure = FigureBlock()


class ContributorsBlock(blocks.StreamBlock):
    contributor = ContributorBlock()
