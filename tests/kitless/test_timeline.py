"""The timeline's clock, its ends and its events."""

import pytest

import omni.timeline
from carb.eventdispatcher import get_eventdispatcher
from omni.timeline import TimelineEventType as Event


@pytest.fixture
def timeline(app):
    timeline = omni.timeline.get_timeline_interface()
    timeline.set_time_codes_per_second(24)
    timeline.set_end_time(4 / 24)
    timeline.commit()
    return timeline


def codes(app, timeline, updates):
    """The time code after each of some updates."""
    found = []
    for _ in range(updates):
        app.update()
        found.append(round(timeline.get_current_time() * 24, 9))
    return found


def test_the_first_update_after_play_shows_the_start(app, timeline):
    timeline.play()
    assert codes(app, timeline, 4) == [0, 1, 2, 3]


def test_after_a_pause_time_goes_on(app, timeline):
    timeline.play()
    codes(app, timeline, 2)
    timeline.pause()
    assert codes(app, timeline, 2) == [1, 1]
    timeline.play()
    assert codes(app, timeline, 2) == [2, 3]


def test_the_end_is_shown_and_then_it_loops(app, timeline):
    timeline.play()
    assert codes(app, timeline, 11) == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0]


def test_without_looping_it_pauses_at_the_end_and_plays_again_from_the_start(app, timeline):
    timeline.set_looping(False)
    timeline.play()
    assert codes(app, timeline, 7) == [0, 1, 2, 3, 4, 4, 4]
    assert (timeline.is_playing(), timeline.is_stopped()) == (False, False)
    timeline.play()
    assert codes(app, timeline, 2) == [0, 1]


def test_frame_k_is_at_k_over_rate_to_the_last_bit(app, timeline):
    timeline.set_time_codes_per_second(30)
    timeline.set_end_time(1000)
    timeline.play()
    for frame in range(200):
        app.update()
        assert timeline.get_current_time() == frame / 30


def test_stop_goes_back_to_the_start(app, timeline):
    timeline.set_start_time(1 / 24)
    timeline.play()
    assert codes(app, timeline, 3) == [1, 2, 3]
    timeline.stop()
    assert timeline.get_current_time() == 1 / 24
    assert timeline.is_stopped()
    assert codes(app, timeline, 2) == [1, 1]


def test_without_auto_update_time_stands_and_the_held_update_is_over(app, timeline):
    timeline.set_auto_update(False)
    timeline.play()
    assert codes(app, timeline, 3) == [0, 0, 0]
    timeline.set_auto_update(True)
    assert codes(app, timeline, 2) == [1, 2]


def test_a_jump_while_playing_goes_on_from_there(app, timeline):
    timeline.play()
    codes(app, timeline, 2)
    timeline.set_current_time(2.5 / 24)
    assert codes(app, timeline, 2) == [3.5, 0]


def test_the_time_stays_when_the_rate_changes(app, timeline):
    timeline.set_current_time(0.125)
    timeline.set_time_codes_per_second(48)
    assert timeline.get_current_time() == 0.125
    assert timeline.time_to_time_code(0.125) == 6
    assert timeline.time_code_to_time(6) == 0.125
    assert timeline.get_time_codes_per_seconds() == 48


@pytest.mark.parametrize("rate", [0, -24, float("nan"), float("inf")])
def test_a_rate_that_is_none_is_refused(timeline, rate):
    with pytest.raises(ValueError, match="time codes per second"):
        timeline.set_time_codes_per_second(rate)
    assert timeline.get_time_codes_per_second() == 24


def test_frames_can_be_stepped_round_the_ends(timeline):
    found = []
    for step in (timeline.forward_one_frame, timeline.rewind_one_frame, timeline.rewind_one_frame):
        step()
        found.append(round(timeline.get_current_time() * 24, 9))
    timeline.forward_one_frame()
    assert found == [1, 0, 4]
    assert timeline.get_current_time() == 0


def test_a_zoom_range_is_played_instead(app, timeline):
    timeline.set_zoom_range(1 / 24, 2 / 24)
    timeline.stop()
    timeline.play()
    assert codes(app, timeline, 4) == [1, 2, 1, 2]
    timeline.clear_zoom()
    assert not timeline.is_zoomed()
    assert timeline.get_zoom_end_time() == timeline.get_end_time()


def test_a_range_of_play_is_forgotten_at_stop(app, timeline):
    timeline.play(2, 3, False)
    assert codes(app, timeline, 3) == [2, 3, 3]
    timeline.stop()
    assert timeline.get_current_time() == 0
    assert timeline.get_end_time() == 4 / 24


def note_events(timeline):
    seen = []
    subscription = timeline.get_timeline_event_stream().create_subscription_to_pop(
        lambda event: seen.append(Event(event.type))
    )
    return seen, subscription


def test_state_answers_at_once_and_events_come_with_the_next_update(app, timeline):
    seen, subscription = note_events(timeline)
    timeline.play()
    assert timeline.is_playing()
    assert seen == []
    app.update()
    assert seen == [Event.PLAY, Event.CURRENT_TIME_TICKED, Event.CURRENT_TIME_TICKED_PERMANENT]
    assert subscription.enabled


def test_commit_sends_events_now_in_order_and_once(app, timeline):
    seen, subscription = note_events(timeline)
    timeline.play()
    timeline.set_current_time(0.1)
    timeline.pause()
    timeline.pause()
    timeline.stop()
    timeline.stop()
    timeline.commit()
    assert seen == [Event.PLAY, Event.CURRENT_TIME_CHANGED, Event.PAUSE, Event.STOP, Event.CURRENT_TIME_CHANGED]
    timeline.commit()
    app.update()
    assert len(seen) == 5
    assert subscription.enabled


def test_commit_silently_forgets_the_events(app, timeline):
    seen, subscription = note_events(timeline)
    timeline.play()
    timeline.commit_silently()
    timeline.commit()
    assert timeline.is_playing()
    assert seen == []
    assert subscription.enabled


def test_settings_of_the_timeline_tell_only_when_they_change(timeline):
    seen, subscription = note_events(timeline)
    for _ in range(2):
        timeline.set_looping(False)
        timeline.set_auto_update(False)
        timeline.set_start_time(0.01)
        timeline.set_end_time(0.5)
        timeline.set_time_codes_per_second(30)
        timeline.set_play_every_frame(True)
    timeline.commit()
    assert seen == [
        Event.LOOP_MODE_CHANGED,
        Event.AUTO_UPDATE_CHANGED,
        Event.START_TIME_CHANGED,
        Event.CURRENT_TIME_CHANGED,
        Event.END_TIME_CHANGED,
        Event.TIME_CODE_PER_SECOND_CHANGED,
        Event.PLAY_EVERY_FRAME_CHANGED,
    ]
    assert subscription.enabled


def test_the_new_event_system_hears_play_tick_pause_and_stop(app, timeline):
    seen = []
    names = ("PLAY", "CURRENT_TIME_TICKED", "PAUSE", "STOP")
    guards = [
        get_eventdispatcher().observe_event(
            event_name=getattr(omni.timeline, f"GLOBAL_EVENT_{name}"), on_event=lambda _, name=name: seen.append(name)
        )
        for name in names
    ]
    timeline.play()
    app.update()
    timeline.pause()
    timeline.stop()
    app.update()
    assert seen == list(names)
    assert len(guards) == 4


def test_a_pause_within_the_play_event_holds(app, timeline):
    guard = get_eventdispatcher().observe_event(
        event_name=omni.timeline.GLOBAL_EVENT_PLAY, on_event=lambda _: timeline.pause()
    )
    timeline.play()
    assert codes(app, timeline, 2) == [0, 0]
    assert not timeline.is_playing()
    assert guard.enabled


def test_the_tick_tells_the_time_it_moved_to(app, timeline):
    ticks = []
    guard = get_eventdispatcher().observe_event(
        event_name=omni.timeline.GLOBAL_EVENT_CURRENT_TIME_TICKED,
        on_event=lambda event: ticks.append((event["currentTime"], event["dt"])),
    )
    timeline.play()
    codes(app, timeline, 2)
    assert ticks == [(0.0, 0.0), (1 / 24, 1 / 24)]
    assert guard.enabled


def test_time_has_moved_before_the_update_event_and_the_coroutines(app, timeline):
    seen = []
    stream = app.get_update_event_stream()
    old = stream.create_subscription_to_pop(lambda _: seen.append(timeline.get_current_time() * 24), order=-1000)

    async def main():
        timeline.play()
        for _ in range(3):
            await app.next_update_async()
            seen.append(timeline.get_current_time() * 24)

    app.run(main())
    assert seen == [0, 0, 1, 1, 2, 2]
    assert old.enabled


def test_a_tentative_time_lasts_until_time_moves(app, timeline):
    timeline.set_tentative_time(0.07)
    assert timeline.get_tentative_time() == 0.07
    timeline.set_current_time(0.05)
    assert timeline.get_tentative_time() == 0.05


def test_what_is_not_there_says_so(timeline):
    with pytest.raises(NotImplementedError, match="set_ticks_per_frame"):
        timeline.set_ticks_per_frame(2)
    with pytest.raises(NotImplementedError, match="'other'"):
        omni.timeline.get_timeline_interface("other")
    with pytest.raises(AttributeError, match="set_director is not in kitless yet"):
        timeline.set_director(None)
