"""The feed: a tab that is slow gets the newest states, not all of them."""

import asyncio

from kitless.browser.feed import Feed, Tab


def test_a_tab_gets_the_next_changes_when_it_has_shown_the_last():
    sent = []
    tab = Tab(sent.append)
    for number in range(5):
        tab.change({"a": number})
    tab.change({"b": 7})
    assert sent == [{"a": 0}]
    tab.shown()
    assert sent == [{"a": 0}, {"a": 4, "b": 7}]
    tab.shown()
    tab.change({"a": 9})
    assert sent[2:] == [{"a": 9}]


def test_changes_are_merged_until_the_server_takes_them():
    sent = []
    feed = Feed()
    feed.publish({"a": {"t": "p"}, "b": {"t": "p"}})
    feed.publish({"b": None})

    async def serve():
        feed.start(asyncio.get_running_loop())
        assert feed.marks == {"a": {"t": "p"}}
        feed.add("tab", Tab(sent.append))
        await asyncio.to_thread(lambda: [feed.publish({"a": {"t": "p", "x": str(n)}}) for n in range(100)])
        await asyncio.sleep(0)

    asyncio.run(serve())
    assert feed.marks["a"]["x"] == "99"
    assert len(sent) == 1
    feed.remove("tab")
    feed.stop()
    feed.publish({"a": None})
