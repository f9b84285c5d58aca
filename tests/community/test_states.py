"""The table of states: every pair of state and action, the forbidden ones too."""

import itertools

import pytest

from community.states import (
    EDITABLE_STATES,
    OPEN_STATES,
    THREAD_TRANSITIONS,
    TRANSITIONS,
    UNRELEASED_STATES,
    Action,
    InvalidTransition,
    SubmissionState,
    ThreadAction,
    ThreadLife,
    next_life,
    next_state,
)

# What may happen from each state, written down a second time and by hand: table against table.
ALLOWED = {
    "draft": {"submit": "pending", "withdraw": "withdrawn"},
    "pending": {
        "edit": "pending",
        "amend": "pending",
        "approve": "approved",
        "return": "returned",
        "decline": "declined",
        "mark_spam": "spam",
        "withdraw": "withdrawn",
        "claim": "pending",
        "take_over": "pending",
        "move": "pending",
    },
    "approved": {"release": "released", "undo": "pending", "withdraw": "withdrawn"},
    "returned": {"resubmit": "pending", "withdraw": "withdrawn", "lapse": "withdrawn", "move": "returned"},
    "declined": {"appeal": "pending"},
    "withdrawn": {},
    "spam": {},
    "released": {"hide": "hidden"},
    "hidden": {"restore": "released"},
}


@pytest.mark.parametrize(("state", "action"), list(itertools.product(SubmissionState.values, Action.values)))
def test_each_pair_of_state_and_action_leads_where_the_rule_says(state, action):
    expected = ALLOWED[state].get(action)
    if expected is None:
        with pytest.raises(InvalidTransition):
            next_state(state, action)
    else:
        assert next_state(state, action) == expected


def test_every_state_can_be_reached_from_a_draft():
    reached, todo = {SubmissionState.DRAFT}, [SubmissionState.DRAFT]
    while todo:
        here = todo.pop()
        for (state, _), to in TRANSITIONS.items():
            if state == here and to not in reached:
                reached.add(to)
                todo.append(to)
    assert reached == set(SubmissionState)


def test_only_released_is_a_state_that_readers_see():
    assert set(SubmissionState) - UNRELEASED_STATES == {SubmissionState.RELEASED}


def test_a_text_can_be_changed_only_where_an_edit_or_a_resubmission_is_possible():
    changing = {state for state, action in TRANSITIONS if action in (Action.EDIT, Action.RESUBMIT)}
    assert changing == EDITABLE_STATES
    assert EDITABLE_STATES < OPEN_STATES


# The life of a thread, by hand as well.
LIVES = {
    "open": {
        "start": "open",
        "extend": "open",
        "close": "closed",
        "answer": "closed",
        "expire": "closed",
        "write_up": "compiled",
        "summarise": "open",
        "unpin": "open",
    },
    "closed": {"reopen": "open", "write_up": "compiled", "summarise": "closed", "unpin": "closed"},
    "compiled": {"reopen": "open", "take_back": "closed", "summarise": "compiled", "unpin": "compiled"},
}


@pytest.mark.parametrize(("life", "action"), list(itertools.product(ThreadLife.values, ThreadAction.values)))
def test_each_pair_of_life_and_action_leads_where_the_rule_says(life, action):
    expected = LIVES[life].get(action)
    if expected is None:
        with pytest.raises(InvalidTransition):
            next_life(life, action)
    else:
        assert next_life(life, action) == expected
    assert ((life, action) in THREAD_TRANSITIONS) is (expected is not None)
