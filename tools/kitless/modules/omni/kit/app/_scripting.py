"""Running scripts in the app, as Kit's --exec and Script Editor do."""

from __future__ import annotations

import ast
import asyncio
import builtins
import contextlib
import difflib
import errno
import inspect
import sys
import types
from collections.abc import Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Any

from carb._edge import LoggedErrors
from kitless.absent import Partial


class Script:
    """A script's code and the module it runs in."""

    def __init__(self, source: bytes | str, path: str) -> None:
        """Compile ``source``, which may await at its top level.

        Raises SyntaxError.
        """
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._code = compile(source, path, "exec", flags=flags, dont_inherit=True)
        self.module = types.ModuleType("__main__")
        """Holds the script's globals."""
        self.module.__dict__.update(__file__=path, __builtins__=builtins)

    def run(self) -> Coroutine[Any, Any, None] | None:
        """Run the body; return the coroutine that still has to run when the body awaits.

        Raises what the body raises.
        """
        # A function made of module code runs it in these globals: exec for code that may turn out to be a coroutine.
        result = types.FunctionType(self._code, self.module.__dict__)()
        return result if inspect.iscoroutine(result) else None


@contextlib.contextmanager
def script_surroundings(module: types.ModuleType, argv: Sequence[str], folder: Path | None) -> Iterator[None]:
    """Make ``module`` the main module, with its sys.argv and its folder first on sys.path; undo that afterwards."""
    main, old_argv, old_path = sys.modules["__main__"], sys.argv, list(sys.path)
    sys.modules["__main__"] = module
    sys.argv = list(argv)
    if folder is not None:
        sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.modules["__main__"], sys.argv, sys.path[:] = main, old_argv, old_path


def find_script(path: str, folders: Sequence[Path] = ()) -> Path:
    """Return the script's absolute path: ``path`` with or without its ``.py``, here or in one of ``folders``.

    Raises FileNotFoundError, with ``path`` as its file name.
    """
    places = [folder / name for folder in (Path(), *folders) for name in (path, f"{path}.py")]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        beside = [each.name for each in Path(path).parent.glob("*.py")]
        near = difflib.get_close_matches(Path(path).name, beside, 1)
        raise FileNotFoundError(errno.ENOENT, "no such script" + (f" (nearest: {near[0]})" if near else ""), path)
    return found.absolute()


class IAppScripting(Partial):
    """Runs Python files and strings in the app; what they raise is logged."""

    def __init__(self) -> None:
        self._folders: list[Path] = []

    def add_search_script_folder(self, path: str) -> bool:
        """Look for scripts in ``path`` too; return whether it was new."""
        if Path(path) in self._folders:
            return False
        self._folders.append(Path(path))
        return True

    def remove_search_script_folder(self, path: str) -> bool:
        """Do not look for scripts in ``path`` any more; return whether it was there."""
        if Path(path) not in self._folders:
            return False
        self._folders.remove(Path(path))
        return True

    def execute_file(self, path: str, args: Sequence[str]) -> bool:
        """Run a script file with ``sys.argv = [path, *args]``; return whether its body ran to its end."""
        with LoggedErrors(__name__, f"script {path}"):
            found = find_script(path, self._folders)
            return _execute(Script(found.read_bytes(), str(found)), [str(found), *args], found.parent)
        return False

    def execute_string(self, str: str, source_file: str = "", execute_as_file: str = "") -> bool:
        """Run a text as a script named ``execute_as_file`` or ``source_file``; return whether it ran to its end."""
        name = execute_as_file or source_file or "<string>"
        with LoggedErrors(__name__, f"script {name}"):
            return _execute(Script(str, name), [name], None)
        return False


def _execute(script: Script, argv: Sequence[str], folder: Path | None) -> bool:
    with script_surroundings(script.module, argv, folder):
        rest = script.run()
    if rest is not None:
        # The loop holds its tasks weakly; the script's module lives as long as its code, so it keeps this one.
        script.module.__dict__["__task__"] = asyncio.ensure_future(rest)
    return True
