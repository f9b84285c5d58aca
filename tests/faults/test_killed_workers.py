"""A worker is killed at each point of the loop: everything arrives, and nothing twice that we can know of."""

import pytest

from .conftest import MailSink, Stack
from .points import POINTS

pytestmark = pytest.mark.processes


def everything_arrived(report: dict) -> bool:
    return (
        report["states"] == ["released"]
        and report["unfanned"] == 0
        and report["events"] == 1
        and report["undelivered"] == 0
        and report["unsettled"] == 0
        and report["unindexed"] == 0
        and report["found"] == [f"question:{report['question']}"]
    )


@pytest.mark.parametrize("point", POINTS)
def test_everything_arrives_although_a_worker_is_killed(stack, point):
    prepared = stack.scenario("prepare")
    stack.start_and_lose(point)
    stack.start_worker()
    report = stack.wait_until(everything_arrived)

    print(f"killed {point}:")  # noqa: T201 - the table of copies is what a sceptic wants to see
    for (recipient, message_id), copies in sorted(stack.sink.copies.items()):
        print(f"  {recipient:24} {copies} × {message_id}")  # noqa: T201

    recipients = [recipient for recipient, _ in stack.sink.copies]
    assert sorted(recipients) == prepared["addresses"], "each reader's mail has one Message-ID and arrived"
    twice = [message_id for (_, message_id), copies in stack.sink.copies.items() if copies > 1]
    assert max(stack.sink.copies.values()) <= 2
    assert set(twice) <= set(report["ambiguous"]), "only a mail that is listed as ambiguous may exist twice"
    assert len(report["ambiguous"]) <= 1
    if point == "between handing over and the commit":
        assert twice, "here, and only here, a second copy is possible"


def test_a_mail_in_the_folder_exists_once_wherever_the_worker_dies(tmp_path, make_database):
    stack = Stack(tmp_path, make_database(tmp_path), MailSink(), email_url="")
    try:
        stack.scenario("prepare")
        stack.start_and_lose("between handing over and the commit")
        stack.start_worker()
        report = stack.wait_until(everything_arrived)
        assert report["ambiguous"] == []
        assert len(list((tmp_path / "mail").glob("*.eml"))) == len(report["mails"]) == 3
    finally:
        stack.stop()


def test_an_emptied_broker_loses_nothing(stack):
    prepared = stack.scenario("prepare")
    stack.start_and_lose("after the fan-out is committed")
    assert stack.empty_broker() > 0
    stack.start_worker()
    stack.empty_broker()
    report = stack.wait_until(everything_arrived)
    assert sorted(report["mails"]) == prepared["addresses"]
    assert max(stack.sink.copies.values()) == 1
