"""Keys and the mouse. Keys go to the field that has the keyboard, else to the focused window.

There are no pixels: what needs a place on the screen raises NotImplementedError with its name. `WidgetRef` clicks.
"""

from __future__ import annotations

from typing import NoReturn

from carb.input import (
    KEYBOARD_MODIFIER_FLAG_ALT,
    KEYBOARD_MODIFIER_FLAG_CONTROL,
    KEYBOARD_MODIFIER_FLAG_SHIFT,
    KEYBOARD_MODIFIER_FLAG_SUPER,
    KeyboardEventType,
    KeyboardInput,
    MouseEventType,
)
from kitless.absent import Partial, absent
from kitless.services import service
from omni.kit.ui_test._typing import Typing
from omni.kit.ui_test.common import human_delay
from omni.kit.ui_test.vec2 import Vec2

__all__ = [
    "KeyDownScope",
    "KeyboardEventType",
    "KeyboardInput",
    "MouseEventType",
    "Vec2",
    "emulate_char_press",
    "emulate_key_combo",
    "emulate_keyboard_press",
    "emulate_mouse",
    "emulate_mouse_click",
    "emulate_mouse_drag_and_drop",
    "emulate_mouse_move",
    "emulate_mouse_move_and_click",
    "emulate_mouse_scroll",
    "emulate_mouse_slow_move",
    "human_delay",
]

_MODIFIERS = {
    "CTRL": KEYBOARD_MODIFIER_FLAG_CONTROL,
    "CONTROL": KEYBOARD_MODIFIER_FLAG_CONTROL,
    "SHIFT": KEYBOARD_MODIFIER_FLAG_SHIFT,
    "ALT": KEYBOARD_MODIFIER_FLAG_ALT,
    "SUPER": KEYBOARD_MODIFIER_FLAG_SUPER,
}


async def emulate_char_press(chars: str, delay_every_n_symbols: int = 20, human_delay_speed: int = 2) -> None:
    """Type a text, with a delay after every so many characters."""
    for start in range(0, len(chars), delay_every_n_symbols):
        service(Typing).type(chars[start : start + delay_every_n_symbols])
        await human_delay(human_delay_speed)


async def emulate_keyboard_press(key: KeyboardInput, modifier: int = 0, human_delay_speed: int = 2) -> None:
    """Press and release a key; Enter and Tab end the edit, Escape takes it back."""
    service(Typing).press(KeyboardInput(key), int(modifier))
    await human_delay(human_delay_speed)


async def emulate_key_combo(combo: str, human_delay_speed: int = 2) -> None:
    """Press keys together, such as "CTRL+SHIFT+S".

    Raises ValueError when there is no key of that name.
    """
    *held, last = (each.strip().upper() for each in combo.split("+"))
    name = f"KEY_{last}" if last.isdigit() else last
    if name not in KeyboardInput.__members__ or not set(held) <= set(_MODIFIERS):
        raise ValueError(f"no keys {combo!r}: expected modifiers ({', '.join(_MODIFIERS)}) and the name of a key")
    modifier = 0
    for each in held:
        modifier |= _MODIFIERS[each]
    await emulate_keyboard_press(KeyboardInput[name], modifier, human_delay_speed)


class KeyDownScope(Partial):
    """``async with KeyDownScope(key):`` a key is held."""

    def __init__(self, key: KeyboardInput, modifier: int = 0, human_delay_speed: int = 2) -> None:
        raise _no_pixels("KeyDownScope")


def _no_pixels(name: str) -> NotImplementedError:
    return NotImplementedError(f"omni.kit.ui_test.{name} is not in kitless: there are no pixels and no held keys")


async def emulate_mouse(event_type: MouseEventType, pos: Vec2 = Vec2(), modifiers: int | None = None) -> NoReturn:
    """Raise NotImplementedError."""
    raise _no_pixels("emulate_mouse")


async def emulate_mouse_click(
    right_click: bool = False, double: bool = False, modifiers: int | None = None
) -> NoReturn:
    """Raise NotImplementedError."""
    raise _no_pixels("emulate_mouse_click")


async def emulate_mouse_move(pos: Vec2, human_delay_speed: int = 2) -> NoReturn:
    """Raise NotImplementedError."""
    raise _no_pixels("emulate_mouse_move")


async def emulate_mouse_move_and_click(
    pos: Vec2, right_click: bool = False, double: bool = False, human_delay_speed: int = 2
) -> NoReturn:
    """Raise NotImplementedError."""
    raise _no_pixels("emulate_mouse_move_and_click")


async def emulate_mouse_slow_move(
    start_pos: Vec2, end_pos: Vec2, num_steps: int = 8, human_delay_speed: int = 4
) -> NoReturn:
    """Raise NotImplementedError."""
    raise _no_pixels("emulate_mouse_slow_move")


async def emulate_mouse_drag_and_drop(
    start_pos: Vec2, end_pos: Vec2, right_click: bool = False, human_delay_speed: int = 4
) -> NoReturn:
    """Raise NotImplementedError."""
    raise _no_pixels("emulate_mouse_drag_and_drop")


async def emulate_mouse_scroll(delta: Vec2, human_delay_speed: int = 2) -> NoReturn:
    """Raise NotImplementedError."""
    raise _no_pixels("emulate_mouse_scroll")


__getattr__ = absent(__name__)
