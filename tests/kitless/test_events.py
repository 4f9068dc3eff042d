"""Both event systems: order, lifetime of subscriptions, errors."""

import gc

import pytest

import carb.events
from carb.eventdispatcher import get_eventdispatcher


@pytest.fixture
def stream(app):
    return carb.events.get_events_interface().create_event_stream("test")


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("", 0xCBF29CE484222325),  # the offset basis of FNV-1a
        ("a", 0xAF63DC4C8601EC8C),  # test vectors of draft-eastlake-fnv
        ("foobar", 0x85944171F73967E8),
        ("APP_STARTED", 4314192531916293802),  # Kit's own value of EVENT_APP_STARTED
    ],
)
def test_a_type_from_a_name_is_kits_hash(name, number):
    assert carb.events.type_from_string(name) == number


def test_a_pushed_event_waits_for_the_pump(stream):
    pushed, popped = [], []
    on_push = stream.create_subscription_to_push(lambda event: pushed.append(event.type))
    on_pop = stream.create_subscription_to_pop(lambda event: popped.append((event.type, event.sender, event.payload)))
    stream.push(7, 3, {"a": 1})
    assert (pushed, popped, stream.event_count) == ([7], [], 1)
    stream.pump()
    assert (popped, stream.event_count) == ([(7, 3, {"a": 1})], 0)
    assert on_push.enabled
    assert on_pop.enabled


def test_subscribers_are_called_by_order_then_age(stream):
    seen = []
    subscriptions = [
        stream.create_subscription_to_pop(lambda _, name=name: seen.append(name), order)
        for name, order in (("late", 5), ("first", -1), ("a", 0), ("b", 0))
    ]
    stream.dispatch()
    subscriptions[0].order = -2
    stream.dispatch()
    assert seen == ["first", "a", "b", "late", "late", "first", "a", "b"]


@pytest.mark.parametrize("end", ["drop", "unsubscribe", "disable"])
def test_a_subscription_ends(stream, end):
    seen = []
    subscription = stream.create_subscription_to_pop(seen.append)
    if end == "drop":
        del subscription
    elif end == "unsubscribe":
        subscription.unsubscribe()
        subscription.unsubscribe()
    else:
        subscription.enabled = False
    stream.dispatch(1)
    assert seen == []


def test_a_subscriber_that_an_earlier_one_drops_is_not_called(stream):
    seen, held = [], []
    first = stream.create_subscription_to_pop(lambda _: held.clear())
    held.append(stream.create_subscription_to_pop(seen.append))
    stream.dispatch()
    assert seen == []
    assert first.name == ""


def test_only_events_of_the_type_reach_a_subscriber_by_type(stream):
    seen = []
    subscription = stream.create_subscription_to_pop_by_type(2, lambda event: seen.append(event.type), name="two")
    for event_type in (1, 2, 3):
        stream.dispatch(event_type)
    assert seen == [2]
    assert subscription.name == "two"


def test_a_consumed_event_goes_no_further(stream):
    seen = []
    first = stream.create_subscription_to_pop(lambda event: event.consume())
    second = stream.create_subscription_to_pop(seen.append)
    stream.dispatch()
    assert seen == []
    assert first.enabled is second.enabled


def test_a_subscriber_that_raises_is_logged_and_the_next_is_called(stream, capsys):
    seen = []
    subscriptions = [
        stream.create_subscription_to_pop(lambda _: 1 / 0, name="bad"),
        stream.create_subscription_to_pop(seen.append),
    ]
    stream.dispatch()
    assert len(seen) == 1
    error = capsys.readouterr().err
    assert "'bad'" in error
    assert "ZeroDivisionError" in error
    assert all(each.enabled for each in subscriptions)


def test_the_next_event_can_be_awaited(app, stream):
    async def wait():
        app.get_message_bus_event_stream().push(1)
        return (await app.get_message_bus_event_stream().next_event()).type

    assert app.run(wait()) == 1


def observe(seen, name="e", **options):
    return get_eventdispatcher().observe_event(
        event_name=name, on_event=lambda event: seen.append(event.payload.get("n")), **options
    )


def test_observers_are_called_by_order_and_counted(app):
    seen = []
    guards = [
        get_eventdispatcher().observe_event(
            event_name="e", order=order, on_event=lambda event, order=order: seen.append((order, event["n"]))
        )
        for order in (3, 1, 2)
    ]
    assert get_eventdispatcher().dispatch_event("e", {"n": 0}) == len(guards)
    assert get_eventdispatcher().dispatch_event("other", {"n": 0}) == 0
    assert seen == [(1, 0), (2, 0), (3, 0)]


def test_a_filter_lets_equal_payloads_through(app):
    seen = []
    guard = observe(seen, filter={"kind": "x"}, observer_name="me")
    for n, payload in enumerate([{"kind": "x"}, {"kind": "y"}, {}, {"kind": "x", "more": 1}]):
        get_eventdispatcher().dispatch_event("e", {**payload, "n": n})
    assert seen == [0, 3]
    assert guard.name == "me"
    assert get_eventdispatcher().has_observers("e", {"kind": "x"})
    assert not get_eventdispatcher().has_observers("e", {"kind": "y"})


@pytest.mark.parametrize("end", ["drop", "reset"])
def test_an_observer_ends(app, end):
    seen = []
    guard = observe(seen)
    if end == "drop":
        del guard
    else:
        guard.reset()
        guard.reset()
    get_eventdispatcher().dispatch_event("e", {"n": 1})
    assert seen == []
    assert not get_eventdispatcher().has_observers("e")


def test_positional_arguments_are_refused_as_in_kit(app):
    with pytest.raises(TypeError):
        get_eventdispatcher().observe_event(0, "e", print)


def test_an_observer_that_raises_is_logged_and_the_next_is_called(app, capsys):
    seen = []
    bad = get_eventdispatcher().observe_event(event_name="e", on_event=lambda _: 1 / 0)
    good = observe(seen)
    assert get_eventdispatcher().dispatch_event("e", {"n": 1}) == 2
    assert seen == [1]
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert bad.enabled is good.enabled


def test_an_object_whose_method_observes_is_freed_when_its_guard_goes(app):
    class Holder:
        def __init__(self):
            self.guard = get_eventdispatcher().observe_event(event_name="e", on_event=self.note)

        def note(self, event):
            raise AssertionError(event)

    holder = Holder()
    holder.guard = None
    del holder
    gc.collect()
    assert not get_eventdispatcher().has_observers("e")


def test_an_event_reads_like_its_payload(app):
    seen = []
    guard = get_eventdispatcher().observe_event(event_name="e", on_event=seen.append)
    get_eventdispatcher().dispatch_event("e", {"a": 1})
    [event] = seen
    assert (event.event_name, event["a"], event.get("b"), event.has_key("a"), "b" in event, len(event)) == (
        "e",
        1,
        None,
        True,
        False,
        1,
    )
    assert guard.enabled
