"""The settings: one tree of values, addressed by paths such as ``/app/window/width``.

A path works with and without its leading slash. Values are bool, int, float, str and flat lists of these; a dict is a
subtree. Reading gives copies.
"""

from __future__ import annotations

import enum
import itertools
import numbers
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from carb._edge import LoggedErrors
from carb.dictionary import Item
from kitless.absent import Partial, absent
from kitless.services import service

__all__ = [
    "ChangeEventType",
    "ISettings",
    "SubscriptionId",
    "acquire_settings_interface",
    "get_settings",
    "get_settings_interface",
]


class ChangeEventType(enum.IntEnum):
    """What happened to a setting."""

    CREATED = 0
    CHANGED = 1
    DESTROYED = 2


ChangeFn: TypeAlias = Callable[..., Any]


class SubscriptionId(NamedTuple):
    """What a subscription to changes returns; unsubscribe_to_change_events takes it."""

    number: int


class _Subscription(NamedTuple):
    path: str
    fn: ChangeFn
    tree: bool


class ISettings(Partial):
    """The tree of settings. Setting a value to what it is already notifies nobody."""

    def __init__(self) -> None:
        # Leaves only, by full path: a subtree is what begins with its path and a slash.
        self._leaves: dict[str, Any] = {}
        self._set_by_hand: set[str] = set()
        self._subscriptions: dict[int, _Subscription] = {}
        self._numbers = itertools.count(1)

    def get(self, path: str) -> Any:
        """Return the value at ``path``: a dict for a subtree, None when there is nothing."""
        key = _key(path)
        if key in self._leaves:
            return _copy(self._leaves[key])
        return _nested((name[len(key) + 1 :], value) for name, value in self._below(key)) or None

    def get_as_bool(self, arg0: str, /) -> bool:
        """Return the value as bool: strings count as true when they read true, yes or 1; False when missing."""
        value = self.get(arg0)
        return value.strip().lower() in ("true", "yes", "1") if isinstance(value, str) else bool(value)

    def get_as_int(self, arg0: str, /) -> int:
        """Return the value as int (cut, not rounded); 0 when missing or no number."""
        return int(self.get_as_float(arg0)) if not isinstance(self.get(arg0), int) else int(self.get(arg0))

    def get_as_float(self, arg0: str, /) -> float:
        """Return the value as float; 0.0 when missing or no number."""
        value = self.get(arg0)
        try:
            return float(value) if isinstance(value, int | float | str) else 0.0
        except ValueError:
            return 0.0

    def get_as_string(self, arg0: str, /) -> str:
        """Return the value as text (true and false for bools); empty when missing or no single value."""
        value = self.get(arg0)
        if isinstance(value, bool):
            return str(value).lower()
        return str(value) if isinstance(value, int | float | str) else ""

    def get_settings_dictionary(self, path: str = "") -> Item | None:
        """Return the subtree at ``path`` as an item, None when there is nothing."""
        value = self.get(path)
        return None if value is None else Item(_key(path).rpartition("/")[2], value)

    def create_dictionary_from_settings(self, path: str = "") -> Item | None:
        """Return a copy of the subtree at ``path`` as an item, None when there is nothing."""
        return self.get_settings_dictionary(path)

    def set(self, path: str, value: Any) -> None:
        """Set the value at ``path``; a dict is merged into the subtree, None removes what is there.

        Raises TypeError for a value that settings cannot hold.
        """
        key = _key(path)
        if value is None:
            self.destroy_item(path)
            return
        for name, leaf in _leaves(key, value):
            self._set_by_hand.add(name)
            self._set_leaf(name, leaf)

    def set_bool(self, arg0: str, arg1: bool, /) -> None:
        """Set a bool."""
        self.set(arg0, bool(arg1))

    def set_int(self, arg0: str, arg1: int, /) -> None:
        """Set an int."""
        self.set(arg0, int(arg1))

    def set_float(self, arg0: str, arg1: float, /) -> None:
        """Set a float."""
        self.set(arg0, float(arg1))

    def set_string(self, arg0: str, arg1: str, /) -> None:
        """Set a text."""
        self.set(arg0, str(arg1))

    def set_bool_array(self, arg0: str, arg1: Iterable[bool], /) -> None:
        """Set a list of bools."""
        self.set(arg0, [bool(each) for each in arg1])

    def set_int_array(self, arg0: str, arg1: Iterable[int], /) -> None:
        """Set a list of ints."""
        self.set(arg0, [int(each) for each in arg1])

    def set_float_array(self, arg0: str, arg1: Iterable[float], /) -> None:
        """Set a list of floats."""
        self.set(arg0, [float(each) for each in arg1])

    def set_string_array(self, arg0: str, arg1: Iterable[str], /) -> None:
        """Set a list of texts."""
        self.set(arg0, [str(each) for each in arg1])

    def set_default(self, path: str, value: Any) -> None:
        """Set the value at ``path`` unless there is one; of a dict, those leaves that are missing."""
        for name, leaf in _leaves(_key(path), value):
            if self.get(name) is None and not any(parent in self._leaves for parent in _parents(name)):
                self._set_leaf(name, leaf)

    def set_default_bool(self, arg0: str, arg1: bool, /) -> None:
        """Set a bool unless there is a value."""
        self.set_default(arg0, bool(arg1))

    def set_default_int(self, arg0: str, arg1: int, /) -> None:
        """Set an int unless there is a value."""
        self.set_default(arg0, int(arg1))

    def set_default_float(self, arg0: str, arg1: float, /) -> None:
        """Set a float unless there is a value."""
        self.set_default(arg0, float(arg1))

    def set_default_string(self, arg0: str, arg1: str, /) -> None:
        """Set a text unless there is a value."""
        self.set_default(arg0, str(arg1))

    def initialize_from_dictionary(self, arg0: Mapping[str, Any] | Item, /) -> None:
        """Replace all settings by those of a dict, telling nobody."""
        value = arg0.get_dict() if isinstance(arg0, Item) else arg0
        self._leaves = dict(_leaves("", value))

    def destroy_item(self, arg0: str, /) -> None:
        """Remove the value or subtree at a path."""
        key = _key(arg0)
        names = [name for name, _ in self._below(key)] + ([key] if key in self._leaves else [])
        removed = {name: self._leaves.pop(name) for name in names}
        self._set_by_hand.update(removed)
        for name, value in removed.items():
            self._notify(name, value, ChangeEventType.DESTROYED)

    def subscribe_to_node_change_events(self, arg0: str, arg1: ChangeFn, /) -> SubscriptionId:
        """Call ``arg1(item, change type)`` when the value at path ``arg0`` itself changes, until unsubscribed."""
        return self._subscribe(_Subscription(_key(arg0), arg1, tree=False))

    def subscribe_to_tree_change_events(self, arg0: str, arg1: ChangeFn, /) -> SubscriptionId:
        """Call ``arg1(tree item, changed item, change type)`` when anything at or below path ``arg0`` changes."""
        return self._subscribe(_Subscription(_key(arg0), arg1, tree=True))

    def unsubscribe_to_change_events(self, id: SubscriptionId) -> None:
        """End a subscription; one that has ended already is ignored."""
        self._subscriptions.pop(id.number, None)

    def set_by_hand(self, path: str) -> dict[str, Any]:
        """Return path and value of what was set (None: removed) at or below ``path``, defaults left out. Not in Kit."""
        key = _key(path)
        return {name: self.get(name) for name in sorted(self._set_by_hand) if _is_in(name, key)}

    def _subscribe(self, subscription: _Subscription) -> SubscriptionId:
        number = next(self._numbers)
        self._subscriptions[number] = subscription
        return SubscriptionId(number)

    def _below(self, key: str) -> list[tuple[str, Any]]:
        prefix = f"{key}/"
        return [item for item in tuple(self._leaves.items()) if item[0].startswith(prefix)]

    def _set_leaf(self, key: str, value: Any) -> None:
        old = self._leaves.get(key)
        if old is not None and type(old) is type(value) and old == value:
            return
        if old is None:
            self._make_room(key)
        self._leaves[key] = value
        self._notify(key, value, ChangeEventType.CREATED if old is None else ChangeEventType.CHANGED)

    def _make_room(self, key: str) -> None:
        """Remove the subtree that a new leaf replaces, and the leaf above it that becomes a subtree."""
        for name, _ in self._below(key):
            self.destroy_item(name)
        for parent in _parents(key):
            if parent in self._leaves:
                self.destroy_item(parent)

    def _notify(self, key: str, value: Any, change: ChangeEventType) -> None:
        for subscription in tuple(self._subscriptions.values()):
            with LoggedErrors(__name__, f"subscriber to changes of setting {subscription.path}"):
                if subscription.tree and _is_in(key, subscription.path):
                    subscription.fn(self.get_settings_dictionary(subscription.path), _item(key, value), change)
                elif not subscription.tree and key == subscription.path:
                    subscription.fn(_item(key, value), change)


def _key(path: str) -> str:
    """Return the normal form of a path: empty for the root, else ``/a/b``."""
    stripped = path.strip("/")
    return f"/{stripped}" if stripped else ""


def _parents(key: str) -> Iterator[str]:
    return itertools.accumulate(key.split("/")[1:-1], "{}/{}".format, initial="")


def _is_in(key: str, tree: str) -> bool:
    return key == tree or key.startswith(f"{tree}/")


def _item(key: str, value: Any) -> Item:
    return Item(key.rpartition("/")[2], _copy(value))


def _copy(value: Any) -> Any:
    return list(value) if isinstance(value, list) else value


def _nested(leaves: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path, value in leaves:
        *parents, name = path.split("/")
        node = tree
        for parent in parents:
            node = node.setdefault(parent, {})
        node[name] = _copy(value)
    return tree


def _leaves(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield (path, checked value) for each leaf of ``value`` placed at ``key``."""
    if not isinstance(value, Mapping):
        yield key, _checked(key, value)
        return
    for name, child in value.items():
        yield from _leaves(key + _key(name), child)


def _checked(key: str, value: Any) -> Any:
    """Return ``value`` as what settings hold: numpy's numbers and other sequences become plain ones."""
    if not key:
        raise TypeError(f"the root of the settings takes a dict, not {value!r}")
    if isinstance(value, bool | str):
        return value
    if isinstance(value, numbers.Real):
        return int(value) if isinstance(value, numbers.Integral) else float(value)
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return [_checked(key, each) for each in value]
    raise TypeError(f"setting {key}: cannot hold {value!r} of type {type(value).__name__}")


def get_settings() -> ISettings:
    """Return the process's settings."""
    return service(ISettings)


get_settings_interface = get_settings


def acquire_settings_interface(plugin_name: str | None = None, library_path: str | None = None) -> ISettings:
    """Return the process's settings."""
    return service(ISettings)


__getattr__ = absent(__name__)
