"""Writer classes outside the registry, "module:Class" or "/path/to/file.py:Class": loaded, and known for a while."""

from __future__ import annotations

import importlib
import sys
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from types import CodeType, ModuleType
from typing import Any

import omni.replicator.core as rep

from .config import Job
from .errors import ConfigError
from .problems import nearest
from .writer_names import class_name, home, is_file, is_outside


class _Loader(SourceFileLoader):
    """Reads the source each time: an edit within a second is not missed, and no cache appears beside the file."""

    def get_code(self, _fullname: str) -> CodeType:
        """Return the compiled file."""
        return self.source_to_code(self.get_data(self.path), self.path)


def known_writers(job: Job, stack: Any) -> dict[str, type]:
    """Return the registered writers by name and, if the job names a class outside, that one by the job's name.

    It is registered until ``stack`` closes. Raises ConfigError, with file and line, for one that cannot be had.
    """
    name = job.writer.name
    found: dict[str, type] = rep.WriterRegistry.get_writers()
    if not is_outside(name):
        return found
    return {**found, name: stack.enter_context(registered(name, job.place("$.writer.name")))}


def find_writer(name: str, where: str) -> type:
    """Return the writer class called ``name``, which may be outside the registry; ``where`` begins messages.

    Raises ConfigError.
    """
    writers: dict[str, type] = rep.WriterRegistry.get_writers()
    if name in writers:
        return writers[name]
    if is_outside(name):
        with ExitStack() as stack:
            return stack.enter_context(_loaded(name, where))
    raise ConfigError(f'{where}: "{name}" is not a registered writer; {nearest(name, writers)}')


@contextmanager
def registered(name: str, where: str) -> Iterator[type]:
    """Load the class called ``name``, outside the registry, and have it registered meanwhile."""
    with _loaded(name, where) as writer:
        known = rep.WriterRegistry.get_writers()
        if class_name(name) in known:
            raise ConfigError(
                f'{where}: "{name}": a writer {class_name(name)} is registered already; give the class another name'
            )
        rep.WriterRegistry.register(writer)
        try:
            yield writer
        finally:
            rep.WriterRegistry.unregister_writer(class_name(name))


@contextmanager
def _loaded(name: str, where: str) -> Iterator[type]:
    """Have the module of the class called ``name`` imported; a file's module goes in the end."""
    with ExitStack() as stack:
        module = _module(name, where, stack)
        classes = {
            key: each
            for key, each in vars(module).items()
            if isinstance(each, type) and issubclass(each, rep.Writer) and each is not rep.Writer
        }
        wanted = class_name(name)
        if wanted not in classes:
            hint = nearest(wanted, classes) if classes else "it has no subclass of omni.replicator.core.Writer"
            raise ConfigError(f"{where}: {home(name)} has no writer {wanted}; {hint}")
        if classes[wanted].__name__ != wanted:
            raise ConfigError(f"{where}: {home(name)}: {wanted} calls itself {classes[wanted].__name__}; use that")
        yield classes[wanted]


def _module(name: str, where: str, stack: ExitStack) -> ModuleType:
    try:
        return _module_of_file(home(name), stack) if is_file(name) else importlib.import_module(home(name))
    except Exception as error:
        # The edge to a user's program: it may fail in any way.
        raise ConfigError(f"{where}: {_told(home(name), error)}") from error


def _module_of_file(path: str, stack: ExitStack) -> ModuleType:
    # Under a name that nothing else has, since a module's name is what classes and pickles are found by.
    name = f"simslate_writer_{sha256(path.encode()).hexdigest()[:16]}"
    spec = spec_from_loader(name, _Loader(name, path))
    if spec is None or spec.loader is None:
        raise ImportError("cannot be imported")
    module = module_from_spec(spec)
    sys.modules[name] = module
    stack.callback(sys.modules.pop, name, None)
    spec.loader.exec_module(module)
    return module


def _told(source: str, error: Exception) -> str:
    """Return what went wrong and where: the last line of the user's own on the way to it."""
    if isinstance(error, OSError) and error.filename == source:
        return f"{source}: cannot be read: {error.strerror}"
    if isinstance(error, SyntaxError):
        line = "" if error.lineno is None else f":{error.lineno}"
        return f"{error.filename or source}{line}: {error.msg}"
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not f.filename.startswith("<frozen")]
    own = [frame for frame in frames if frame.filename not in (__file__, importlib.__file__)]
    place = f"{own[-1].filename}:{own[-1].lineno}" if own else source
    return f"{place}: {type(error).__name__}: {error}"
