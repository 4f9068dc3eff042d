"""One object per service and process, ended newest first."""

import threading

import pytest

from kitless.services import adopt_service, close_services, find_service, service


@pytest.fixture(autouse=True)
def _fresh():
    close_services()
    yield
    close_services()


CLOSED = []


class Noted:
    def close(self):
        CLOSED.append(type(self).__name__)


class First(Noted):
    pass


class Second(Noted):
    def __init__(self):
        service(First)


def test_a_service_is_made_once_and_again_after_the_end():
    first = service(First)
    assert service(First) is first
    close_services()
    assert find_service(First) is None
    assert service(First) is not first


def test_what_a_service_needs_is_closed_after_it():
    CLOSED.clear()
    service(Second)
    close_services()
    assert CLOSED == ["Second", "First"]


def test_an_adopted_service_is_the_only_one():
    made = First()
    adopt_service(made)
    assert service(First) is made
    with pytest.raises(RuntimeError, match="already a First"):
        adopt_service(First())


def test_threads_that_ask_at_once_get_the_same_one():
    barrier, found = threading.Barrier(8), []

    def ask():
        barrier.wait()
        found.append(service(Second))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, found))) == 1


def test_closing_may_wait_for_a_thread_that_asks_for_a_service():
    class Waiting:
        def close(self):
            thread = threading.Thread(target=service, args=(First,), daemon=True)
            thread.start()
            thread.join(5)
            CLOSED.append(thread.is_alive())

    CLOSED.clear()
    service(Waiting)
    close_services()
    assert CLOSED == [False, "First"]
    assert find_service(First) is None
