"""How loops are compiled: once, kept on disk for later processes, without Python's lock and its checks on division.

A process loads what it calls, when it first does: a kernel costs some 3 ms, and few pictures need all of them.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sys
from functools import cache, cached_property, partial, update_wrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llvmlite.binding import ObjectFileRef, add_symbol
from numba import njit
from numba._dynfunc import make_function
from numba.core.caching import CompileResultCacheImpl, FunctionCache
from numba.core.compiler import compile_result
from numba.core.compiler_lock import global_compiler_lock
from numba.core.runtime._nrt_python import c_helpers

if TYPE_CHECKING:
    from collections.abc import Callable

_SOURCES = Path(__file__).parent
_CACHE = _SOURCES / "__pycache__"
_STAMP = _CACHE / "kernels.digest"
_compiler = partial(njit, nogil=True, error_model="numpy")
_log = logging.getLogger("kitless")


def compiled(signature: Any = None, **options: Any) -> Any:
    """Decorator: @compiled() for helpers, @compiled(signature) for kernels. x / 0 is infinite, as in numpy.

    Helpers are for kernels, and run uncompiled in Python; kernels are for Python, on any thread.
    """
    return partial(_Helper, options) if signature is None else partial(_Kernel, signature)


class _Helper:
    """A function that is compiled into kernels. Until one is, numba hears nothing of it: they are many."""

    def __init__(self, options: dict[str, Any], function: Callable[..., Any]) -> None:
        self.targetoptions, self.py_func = options, function
        update_wrapper(self, function)

    def __call__(self, *arguments: Any) -> Any:
        """Run it as it is written: a helper alone is not kept, and would be compiled anew in every process."""
        return self.py_func(*arguments)

    @cached_property
    def _dispatcher(self) -> Any:
        return _compiler(**self.targetoptions)(self.py_func)

    @property
    def _numba_type_(self) -> Any:
        # What numba asks of any object that stands in compiled code.
        return self._dispatcher._numba_type_


class _Kernel:
    """A loop with a signature."""

    def __init__(self, signature: Any, function: Callable[..., Any]) -> None:
        self._signature, self._function = signature, function
        self._loaded: Any = None
        update_wrapper(self, function)

    def __call__(self, *arguments: Any) -> None:
        """Run the loop."""
        (self._loaded or self._load())(*arguments)

    def _load(self) -> Any:
        # Another thread may be at it.
        with global_compiler_lock:
            if self._loaded is None:
                self._loaded = _made(self._signature, self._function)
        return self._loaded


class _MachineCode(CompileResultCacheImpl):
    """What is kept of a kernel: its machine code.

    numba itself keeps also what others would be linked with, and has modules of its own imported again for compiled
    code that asks them for Python objects. Kernels are called from Python alone and ask for none; reading all that
    takes longer than reading the code.
    """

    def get_filename_base(self, fullname: str, abiflags: str) -> str:
        """Return the name of its files, which are no files of numba's."""
        return f"{super().get_filename_base(fullname, abiflags)}.code"

    def reduce(self, result: Any) -> tuple[Any, ...]:
        """Return what is kept of numba's CompileResult."""
        wrapper = result.fndesc.llvm_cpython_wrapper_name
        return result.library._get_compiled_object(), wrapper, result.environment, result.signature

    def rebuild(self, context: Any, kept: tuple[Any, ...]) -> Any:
        """Return a CompileResult that can be called."""
        code, wrapper, environment, signature = kept
        codegen = context.codegen()
        engine = codegen._engine
        engine._ee.add_object_file(ObjectFileRef.from_data(code))
        engine.finalize_object()
        codegen.set_env(environment.env_name, environment)
        module = sys.modules[environment.globals["__name__"]]
        entry = make_function(module, wrapper, "", engine.get_function_address(wrapper), environment, ())
        return compile_result(signature=signature, entry_point=entry, objectmode=False)


class _Kept(FunctionCache):
    """A kernel on disk; numba's, but for what is kept of it."""

    _impl_class = _MachineCode


def _made(signature: Any, function: Callable[..., Any]) -> Any:
    """Return a kernel, from disk or compiled."""
    dispatcher: Any = _compiler()(function)
    dispatcher._cache = _Kept(function)
    if not _take_kept(dispatcher, signature):
        if not _is_kept(function):
            _announce()
        dispatcher.compile(signature)
    dispatcher.disable_compile()
    return dispatcher


def _take_kept(dispatcher: Any, signature: Any) -> bool:
    """Take a kernel from disk, if it is there; return whether it was.

    compile() does so too, but gets numba ready to compile first: that takes as long as loading dozens of kernels.
    """
    load = getattr(dispatcher._cache, "_load_overload", None)
    if load is None:
        return False
    _name_runtime()
    found = load(signature, dispatcher.targetctx)
    if found is not None:
        dispatcher.add_overload(found)
    return found is not None


@cache
def _name_runtime() -> None:
    # What kernels on disk call of numba's runtime; the part of it that numba would compile at its start they hold.
    for name, address in c_helpers.items():
        add_symbol(name if name.startswith("_") else f"NRT_{name}", address)


def _is_kept(function: Callable[..., Any]) -> bool:
    """Whether a kernel is on disk, as far as can be told: for folders that are not ours numba has others."""
    source = Path(function.__code__.co_filename)
    kept = source.parent.glob(f"__pycache__/{source.stem}.{function.__name__}-*.nbi")
    return any(kept) or not os.access(source.parent, os.W_OK)


@cache
def _announce() -> None:
    # Half a minute of silence at the very first picture would look like a hang.
    _log.warning("Compiling loops of the ray caster: once, up to half a minute")


def _drop_stale() -> None:
    """Forget kept kernels if any source has changed.

    numba looks at a kernel's own file only. Helpers and constants of other files are compiled into it: a column that
    has moved since would be read from where it was, or from beyond the end of an array.
    """
    state = hashlib.blake2b(digest_size=16)
    for path in sorted(_SOURCES.glob("*.py")):
        state.update(path.read_bytes())
    if _STAMP.is_file() and _STAMP.read_text() == state.hexdigest():
        return
    for kept in (*_CACHE.glob("*.nbi"), *_CACHE.glob("*.nbc")):
        kept.unlink(missing_ok=True)
    _CACHE.mkdir(exist_ok=True)
    # Whole at once: another process may begin at the same time.
    fresh = _STAMP.with_suffix(f".{os.getpid()}")
    fresh.write_text(state.hexdigest())
    fresh.replace(_STAMP)


if os.access(_SOURCES, os.W_OK):
    _drop_stale()
