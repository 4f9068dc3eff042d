"""Actions: named functions of extensions."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from kitless.absent import Partial


class Action(Partial):
    """A function with a name that belongs to an extension."""

    def __init__(
        self,
        extension_id: str,
        action_id: str,
        python_object: Callable[..., Any] | None,
        display_name: str = "",
        description: str = "",
        icon_url: str = "",
        tag: str = "",
    ) -> None:
        self._ids = (extension_id, action_id)
        self._fn = python_object
        self._texts = (display_name or action_id, description, icon_url, tag)

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function and return what it returns; an invalidated action does nothing."""
        return None if self._fn is None else self._fn(*args, **kwargs)

    def invalidate(self) -> None:
        """Forget the function: what holds the action keeps nothing of its extension."""
        self._fn = None

    @property
    def extension_id(self) -> str:
        """The extension."""
        return self._ids[0]

    @property
    def id(self) -> str:
        """The id, unique in the extension."""
        return self._ids[1]

    @property
    def display_name(self) -> str:
        """The name to show, the id unless another one was given."""
        return self._texts[0]

    @property
    def description(self) -> str:
        """What the action does."""
        return self._texts[1]

    @property
    def icon_url(self) -> str:
        """The icon's address."""
        return self._texts[2]

    @property
    def tag(self) -> str:
        """What actions are grouped by."""
        return self._texts[3]

    @property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """The function's parameters by name."""
        return {} if self._fn is None else dict(inspect.signature(self._fn).parameters)

    @property
    def requires_parameters(self) -> bool:
        """Whether a parameter has no default."""
        catch_all = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        given = (each for each in self.parameters.values() if each.kind not in catch_all)
        return any(each.default is inspect.Parameter.empty for each in given)
