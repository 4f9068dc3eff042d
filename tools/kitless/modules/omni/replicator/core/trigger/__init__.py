"""``rep.trigger``: when a graph is evaluated.

What is created, modified or randomised in the ``with`` block of a trigger is done each time it fires, with new values.
Frames are those that the orchestrator takes; a preview fires all triggers but those that wait for an event.
"""

from .._registered import lookup as _lookup
from .._registered import registrar as _registrar
from ._triggers import on_condition, on_custom_event, on_frame, on_key_press, on_time, on_time_end

register = _registrar(__name__)
__getattr__ = _lookup(__name__)

__all__ = ["on_condition", "on_custom_event", "on_frame", "on_key_press", "on_time", "on_time_end", "register"]
