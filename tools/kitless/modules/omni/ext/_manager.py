"""The extension manager: finds extensions, starts them after what they depend on, ends them in reverse."""

from __future__ import annotations

import contextlib
import enum
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import carb
from carb._edge import LoggedErrors
from carb.eventdispatcher import get_eventdispatcher
from carb.settings import get_settings
from carb.tokens import get_tokens_interface
from kitless.absent import Partial
from omni.ext._errors import ExtensionCycleError, ExtensionNotFoundError
from omni.ext._hooks import ExtensionStateChangeType, IExtensionManagerHooks
from omni.ext._iext import IExt
from omni.ext._manifest import Manifest, get_extension_name, is_extension, read_manifest

_MODULES = Path(__file__).parents[2]


class ExtensionPathType(enum.IntEnum):
    """What a search path is: a folder of extensions, or an extension."""

    COLLECTION = 0
    DIRECT_PATH = 1


class _Started:
    """An enabled extension: its objects, and whether it put its folder on sys.path."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        self.objects: list[IExt] = []
        self.on_path = False


class ExtensionManager(Partial):
    """Finds extensions in search paths, enables and disables them.

    What kitless itself provides (any module below its modules folder, say omni.usd) counts as an enabled extension.
    Wherever an extension's id (name and version) is asked for, its name will do.
    """

    def __init__(self) -> None:
        self._paths: dict[Path, ExtensionPathType] = {}
        self._started: dict[str, _Started] = {}
        self._queue: list[tuple[str, bool]] = []
        self._hooks = IExtensionManagerHooks()
        self._observer = get_eventdispatcher().observe_event(
            event_name="preUpdate", on_event=lambda _: self.process_and_apply_all_changes(), observer_name=__name__
        )

    # --- finding

    def add_path(self, path: str, type: ExtensionPathType = ExtensionPathType.COLLECTION) -> None:
        """Search ``path``, tokens in it resolved, for extensions from now on; a missing folder is a warning."""
        folder = Path(get_tokens_interface().resolve(path)).resolve()
        if not folder.is_dir():
            carb.log_warn(f"Extension folder {folder} does not exist")
        self._paths[folder] = type

    def remove_path(self, path: str) -> None:
        """Search ``path`` no more."""
        self._paths.pop(Path(get_tokens_interface().resolve(path)).resolve(), None)

    def get_folders(self) -> list[dict[str, Any]]:
        """Return the search paths: dicts of ``path`` and ``type``."""
        return [{"path": str(path), "type": kind} for path, kind in self._paths.items()]

    def _extension_folders(self) -> Iterator[Path]:
        for path, kind in self._paths.items():
            if kind == ExtensionPathType.DIRECT_PATH or is_extension(path):
                yield path
            elif path.is_dir():
                yield from (folder for folder in sorted(path.iterdir()) if is_extension(folder))

    def _find(self, ext_id: str) -> Manifest | None:
        """Return what is enabled under that name or id, else the highest version in the search paths."""
        name = get_extension_name(ext_id)
        if name in self._started:
            return self._started[name].manifest
        folders = [each for each in self._extension_folders() if get_extension_name(each.name) == name]
        found = [manifest for manifest in map(read_manifest, folders) if ext_id in (name, manifest.id)]
        return max(found, key=lambda manifest: manifest.version_key, default=None)

    def get_extensions(self) -> list[dict[str, Any]]:
        """Return what the search paths hold: dicts of ``id``, ``name``, ``version``, ``enabled`` and ``path``."""
        manifests = map(read_manifest, self._extension_folders())
        return [
            {
                "id": each.id,
                "name": each.name,
                "version": each.version,
                "enabled": self.is_extension_enabled(each.id),
                "path": str(each.folder),
            }
            for each in manifests
        ]

    def get_extension_dict(self, ext_id: str) -> dict[str, Any] | None:
        """Return the contents of an extension's extension.toml, filters resolved, and None when there is none."""
        manifest = self._find(ext_id)
        return None if manifest is None else manifest.config

    def get_extension_path(self, ext_id: str) -> str:
        """Return an extension's folder, empty when it is unknown."""
        manifest = self._find(ext_id)
        if manifest is not None:
            return str(manifest.folder)
        return str(_MODULES.joinpath(*ext_id.split("."))) if _is_provided(ext_id) else ""

    def get_extension_path_by_module(self, module: str | ModuleType) -> str:
        """Return the folder of the enabled extension that a module belongs to, empty when there is none."""
        name = module if isinstance(module, str) else module.__name__
        for started in self._started.values():
            if any(_is_below(name, each) for each in started.manifest.modules):
                return str(started.manifest.folder)
        return self.get_extension_path(name) if _is_provided(name) else ""

    def get_enabled_extension_id(self, ext_name: str) -> str | None:
        """Return the id of the enabled extension of that name, None when it is not enabled."""
        if ext_name in self._started:
            return self._started[ext_name].manifest.id
        return ext_name if _is_provided(ext_name) else None

    def is_extension_enabled(self, ext_name: str) -> bool:
        """Return whether the extension of that name or id is enabled."""
        started = self._started.get(get_extension_name(ext_name))
        if started is None:
            return _is_provided(ext_name)
        return ext_name in (started.manifest.name, started.manifest.id)

    def get_hooks(self) -> IExtensionManagerHooks:
        """Return where hooks on what happens to extensions are made."""
        return self._hooks

    # --- enabling and disabling

    def set_extension_enabled(self, extension_id: str, enabled: bool) -> None:
        """Enable or disable an extension at the beginning of the next update; failures are logged."""
        self._queue.append((extension_id, enabled))

    def process_and_apply_all_changes(self) -> None:
        """Do now what set_extension_enabled asked for."""
        while self._queue:
            ext_id, enabled = self._queue.pop(0)
            with LoggedErrors(__name__, f"{'enabling' if enabled else 'disabling'} extension {ext_id}"):
                self.set_extension_enabled_immediate(ext_id, enabled)

    def set_extension_enabled_immediate(self, extension_id: str, enabled: bool) -> bool:
        """Enable an extension after all that it depends on, or disable it after all that depend on it.

        Returns whether it is now as asked. Raises ExtensionError when it or a dependency is missing, unreadable or in
        a circle (nothing is started then), and what an extension's module or on_startup raises (that one and those
        after it stay disabled).
        """
        if enabled:
            for manifest in self._plan(extension_id, "", []):
                self._start(manifest)
        elif get_extension_name(extension_id) in self._started:
            self._disable(get_extension_name(extension_id))
        return self.is_extension_enabled(extension_id) == enabled

    def disable_all(self) -> None:
        """Disable all extensions, the last one enabled first. Not in Kit."""
        for name in reversed(list(self._started)):
            self._disable(name)

    def _plan(self, ext_id: str, needed_by: str, trail: list[str]) -> list[Manifest]:
        """Return what has to be started for ``ext_id``, in order."""
        name = get_extension_name(ext_id)
        if name in self._started or _is_provided(name):
            return []
        if name in trail:
            raise ExtensionCycleError([*trail[trail.index(name) :], name])
        manifest = self._find(ext_id)
        if manifest is None:
            known = (get_extension_name(folder.name) for folder in self._extension_folders())
            raise ExtensionNotFoundError(ext_id, needed_by, known)
        plan: dict[str, Manifest] = {}
        for dependency, optional in manifest.dependencies.items():
            if not optional or self._find(dependency) is not None:
                plan.update({each.name: each for each in self._plan(dependency, name, [*trail, name])})
        return [*plan.values(), manifest]

    def _start(self, manifest: Manifest) -> None:
        self._hooks.call(manifest.id, ExtensionStateChangeType.BEFORE_EXTENSION_ENABLE)
        get_settings().set_default("/", manifest.settings)
        get_tokens_interface().set_value(manifest.name, manifest.folder.as_posix())
        started = _Started(manifest)
        with contextlib.ExitStack() as undo:
            undo.callback(_end, started)
            undo.push(lambda _, error, __: carb.log_error(f"Extension {manifest.id} did not start: {error!r}"))
            _begin(started)
            undo.pop_all()
        self._started[manifest.name] = started
        self._hooks.call(manifest.id, ExtensionStateChangeType.AFTER_EXTENSION_ENABLE)

    def _disable(self, name: str) -> None:
        for other in [each for each in self._started.values() if name in each.manifest.dependencies]:
            self._disable(other.manifest.name)
        started = self._started.pop(name, None)
        if started is None:
            return
        ext_id = started.manifest.id
        self._hooks.call(ext_id, ExtensionStateChangeType.BEFORE_EXTENSION_DISABLE)
        _end(started)
        self._hooks.call(ext_id, ExtensionStateChangeType.AFTER_EXTENSION_DISABLE)


def _begin(started: _Started) -> None:
    """Import the extension's modules, and make and start an object of each IExt class in them."""
    folder = str(started.manifest.folder)
    if folder not in sys.path:
        sys.path.append(folder)
        started.on_path = True
    # The folder may be younger than what the import system remembers of it.
    importlib.invalidate_caches()
    modules = [importlib.import_module(name) for name in started.manifest.modules]
    for cls in dict.fromkeys(cls for module in modules for cls in _ext_classes(module)):
        made = cls()
        made.on_startup(started.manifest.id)
        started.objects.append(made)


def _end(started: _Started) -> None:
    while started.objects:
        with LoggedErrors(__name__, f"on_shutdown of extension {started.manifest.id}"):
            started.objects.pop().on_shutdown()
    folder = str(started.manifest.folder)
    if started.on_path and folder in sys.path:
        sys.path.remove(folder)


def _ext_classes(module: ModuleType) -> list[type[IExt]]:
    return [
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, IExt) and _is_below(each.__module__, module.__name__)
    ]


def _is_below(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def _is_provided(name: str) -> bool:
    """Return whether ``name`` is a public module of kitless."""
    parts = name.split(".")
    if not all(part.isidentifier() and not part.startswith("_") for part in parts):
        return False
    path = _MODULES.joinpath(*parts)
    return path.with_name(f"{path.name}.py").is_file() or (path / "__init__.py").is_file()
