"""Who waits for an answer: what is made for them is told when they leave."""

import contextvars
import threading

import pytest

from app.caller import Caller, Gone, answering, caller


def test_outside_of_a_request_nobody_leaves() -> None:
    caller().check()
    assert not caller().gone


def test_what_is_made_inside_is_made_for_this_one_in_threads_too() -> None:
    one, found = Caller(), list[Caller]()
    with answering(one):
        context = contextvars.copy_context()
        thread = threading.Thread(target=context.run, args=(lambda: found.append(caller()),))
        thread.start()
        thread.join()
        assert caller() is one
    assert found == [one]
    assert caller() is not one


def test_who_left_is_not_answered() -> None:
    one = Caller()
    one.check()
    one.leave()
    assert one.gone
    with pytest.raises(Gone):
        one.check()
    with pytest.raises(Gone), one.told(lambda: None):
        pytest.fail("nothing is begun")


def test_what_is_under_way_is_told_once() -> None:
    one, told = Caller(), list[str]()
    with one.told(lambda: told.append("before")):
        pass
    with one.told(lambda: told.append("outer")), one.told(lambda: told.append("inner")):
        one.leave()
        one.leave()
    assert told == ["outer", "inner"]
