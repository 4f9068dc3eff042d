"""Actor ids: a number for each labelled object, the same in every frame, that two bytes of a picture can hold."""

from __future__ import annotations

from collections.abc import Callable

from .errors import ConfigError

LARGEST = 0xFFFF
OVERFLOW_POLICIES = ("error", "wrap")


class ActorIds:
    """Numbers objects by name: 1, 2, 3, … unless the stage says which number one has. 0 is the background.

    A number is not given twice. ``wrap`` numbers on beyond 65,535, of which pictures show the lower two bytes, as
    CARLA's do; what then looks the same is told once.
    """

    def __init__(self, *, overflow: str = "error", warn: Callable[[str], None] = lambda _: None) -> None:
        """``warn`` hears of the first two objects that look the same. Raises ConfigError for an unknown policy."""
        if overflow not in OVERFLOW_POLICIES:
            raise ConfigError(f'overflow: "{overflow}" is unknown; known: {", ".join(OVERFLOW_POLICIES)}')
        self._overflow = overflow
        self._warn = warn
        self._numbers: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._next = 1

    def of(self, name: str, wanted: int | None = None) -> int:
        """Return the number of an object, ``wanted`` if the stage says so; the first answer stays.

        Raises ConfigError if the number does not fit into two bytes, or is another object's, and policy is "error".
        """
        if name not in self._numbers:
            number = self._free() if wanted is None else wanted
            self._take(name, number)
            self._numbers[name] = number
        return self._numbers[name]

    def give_back(self, name: str) -> None:
        """Let the number of an object that was in no picture be given again."""
        number = self._numbers.pop(name)
        if self._names.get(number) == name:
            del self._names[number]
        self._next = min(self._next, number)

    def _free(self) -> int:
        while self._next in self._names:
            self._next += 1
        return self._next

    def _take(self, name: str, number: int) -> None:
        if self._overflow == "error":
            self._check(name, number)
        elif number > LARGEST:
            low = number & LARGEST
            looks = self._names.get(low, "what has no id" if low == 0 else None)
            if looks is not None:
                self._tell(f"{name} looks like {looks} in the picture: ids {number} and {low} wrap to one")
        self._names.setdefault(number, name)

    def _check(self, name: str, number: int) -> None:
        if not 0 < number <= LARGEST:
            raise ConfigError(
                f"{name}: its id {number} does not fit into the two bytes of a pixel (1 to {LARGEST}); label fewer "
                f'objects, or take overflow "wrap", which lets ids repeat'
            )
        if number in self._names:
            raise ConfigError(f"{name}: its id {number} is that of {self._names[number]}")

    def _tell(self, text: str) -> None:
        self._warn(text)
        self._warn = lambda _: None
