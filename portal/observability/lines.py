"""Log lines: one JSON object each in production, readable in a terminal; never with what is nobody's business.

No line holds a body, a query string, an e-mail address or a signed word of a link, whoever wrote it: the last step
before a line is laid out takes them out of every text in it, the traceback too.
"""

import re
from collections.abc import MutableMapping

import structlog
from structlog.typing import Processor

#: What is taken out of every text, and what stands there instead.
MASKED = (
    # Query strings: searches, tokens, addresses to come back to.
    (re.compile(r"(?<=[\w/])\?[^\s\"'<>]+"), "?…"),
    # E-mail addresses.
    (re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+"), "…@…"),
    # Django's signed words, as in the links of mails: value:time:signature or value:signature.
    (re.compile(r"[\w=-]+(?::[\w-]{5,8})?:[\w-]{27,}"), "…"),
    # The parts of signatures that somebody's mail program has broken, and the keys of password resets.
    (re.compile(r"\b(?:[\w-]*-)?[0-9a-f]{32,}\b"), "…"),
    # Passwords in addresses of servers.
    (re.compile(r"(?<=://)[^\s/@]+@"), "…@"),
)
#: Written by us, not typed by anybody.
UNTOUCHED = frozenset({"timestamp", "level", "logger", "request_id", "task_id", "parent_task_id", "child_task_id"})
#: Links whose last part opens something: whatever is typed there is left out.
SECRET_PATHS = re.compile(
    r"(/mail/stop/|/invitations/|/accounts/confirm-email/|/accounts/password/reset/key/)[^\s/\"']+"
)


def without_secrets(text: str) -> str:
    """Return ``text`` with everything that must not be in a log replaced by an ellipsis."""
    text = SECRET_PATHS.sub(r"\1…", text)
    for pattern, instead in MASKED:
        text = pattern.sub(instead, text)
    return text


def mask(logger: object, method: str, line: MutableMapping) -> MutableMapping:
    """Take out of every value of a line what is nobody's business."""
    for key, value in line.items():
        if key in UNTOUCHED or value is None or isinstance(value, bool | int | float):
            continue
        line[key] = without_secrets(str(value))
    return line


#: What every line gets, whether it comes from structlog or from Python's logging.
SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
)


def formatter(*, as_json: bool) -> dict:
    """Return the entry of LOGGING's formatters that lays lines out."""
    last: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if as_json:
        last += [structlog.processors.format_exc_info, mask, structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        last += [
            structlog.processors.format_exc_info,
            mask,
            structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0),
        ]
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": last,
        "foreign_pre_chain": list(SHARED),
    }


def configure() -> None:
    """Let structlog hand its lines to Python's logging, so that all lines are laid out in one place."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
