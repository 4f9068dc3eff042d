"""Custom events of graphs, on the app's message bus."""

import omni.kit.app
from carb.events import type_from_string


def event_type_name(event_name: str) -> str:
    """The name of a custom event on the message bus. Raises ``ValueError`` for an empty one."""
    if not event_name:
        raise ValueError("A custom event needs a name")
    return f"omni.graph.action.{event_name}"


def send_og_event(event_name: str) -> None:
    """Send a custom event: the triggers that wait for it fire in the next update."""
    bus = omni.kit.app.get_app().get_message_bus_event_stream()
    bus.push(type_from_string(event_type_name(event_name)))
