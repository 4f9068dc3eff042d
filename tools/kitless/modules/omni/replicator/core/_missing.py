"""What Replicator has and kitless has not yet: present by name, loud on use.

A missing name must neither vanish (``AttributeError`` far from the cause) nor pass in silence, so it is an object
that raises ``NotImplementedError`` with its own full name when it is called or entered.
"""

from typing import Any, NoReturn


class Missing:
    """A function, class or module of Replicator that kitless does not have yet."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> "Missing":
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return Missing(f"{self._name}.{attribute}")

    def __call__(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotImplementedError(f"{self._name} is not in kitless yet")

    def __enter__(self) -> NoReturn:
        self()

    def __exit__(self, *exc: object) -> None:
        """Never reached: entering raises."""

    def __repr__(self) -> str:
        return f"<{self._name}: not in kitless yet>"
