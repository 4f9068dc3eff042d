"""Augmentations: functions of an annotator's array, applied to each frame."""

import inspect
import sys
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kitless.absent import Missing
from kitless.services import service

from ..seed import get_global_seed

DATA_IN, DATA_OUT, SEED = "data_in", "data_out", "seed"
Shape: TypeAlias = Sequence[int] | None


class AugmentationError(Exception):
    """An augmentation that does not exist, or arguments that are missing or not taken."""


@dataclass(frozen=True)
class Augmentation:
    """A function or warp kernel, and what it is called with beside the data."""

    function: Any
    data_out_shape: Shape = None
    documentation: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_function(
        cls, augmentation: Any, data_out_shape: Shape = None, documentation: str | None = None, **kwargs: Any
    ) -> "Augmentation":
        """An augmentation by a numpy function ``fn(data_in, …) -> array``, or a warp kernel ``(data_in, data_out, …)``.

        Keywords are the function's further arguments; those that are missing are given when it is applied. ``seed``,
        left out, None or negative, comes from the global seed. A function may change ``data_in``: it is a copy.
        ``data_out_shape`` is of a kernel's output, -1 for an axis as in the input. Raises ``AugmentationError`` for a
        function that takes no ``data_in``, or not what is given.
        """
        made = cls(augmentation, data_out_shape, documentation)
        if DATA_IN not in made.parameters:
            raise AugmentationError(f"Augmentation {made.name} takes no '{DATA_IN}'; it takes {list(made.parameters)}")
        return made.given(kwargs)

    @classmethod
    def from_node(
        cls,
        node_type_id: str,
        attributes_mapping: Mapping[str, str] | None = None,
        data_out_shape: Shape = None,
        documentation: str | None = None,
        **kwargs: Any,
    ) -> "Augmentation":
        """Not in kitless: there is no OmniGraph."""
        raise NotImplementedError(
            f"omni.replicator.core.annotators.Augmentation.from_node('{node_type_id}') is not in kitless, which has no "
            "OmniGraph: use Augmentation.from_function"
        )

    @property
    def name(self) -> str:
        """The function's name."""
        return str(getattr(self.function, "__name__", None) or getattr(self.function, "key", self.function))

    @property
    def parameters(self) -> dict[str, Any]:
        """The function's parameters by name, each with its default or ``inspect.Parameter.empty``."""
        if is_kernel(self.function):
            return dict.fromkeys((argument.label for argument in self.function.adj.args), inspect.Parameter.empty)
        if not callable(self.function) or isinstance(self.function, Missing):
            raise AugmentationError(f"Not a function or warp kernel: {self.function!r}")
        return {name: each.default for name, each in inspect.signature(self.function).parameters.items()}

    def given(self, arguments: Mapping[str, Any]) -> "Augmentation":
        """The same with more arguments. Raises ``AugmentationError`` for those that it does not take."""
        unknown = sorted(set(arguments) - set(self.parameters) | set(arguments) & {DATA_IN, DATA_OUT})
        if unknown:
            raise AugmentationError(f"Augmentation {self.name} takes no {unknown}; it takes {list(self.parameters)}")
        return replace(self, arguments={**self.arguments, **arguments})

    def checked(self) -> "Augmentation":
        """Itself. Raises ``AugmentationError`` where an argument without default is missing."""
        needed = {name for name, default in self.parameters.items() if default is inspect.Parameter.empty}
        missing = sorted(needed - set(self.arguments) - {DATA_IN, DATA_OUT, SEED})
        if missing:
            raise AugmentationError(f"Augmentation {self.name} needs {missing}")
        return self

    def apply(self, data: Any, place: str) -> Any:
        """The array that becomes of an array; ``place`` tells this one's random numbers from those of others."""
        arguments = dict(self.arguments)
        if SEED in self.parameters and (arguments.get(SEED) is None or arguments[SEED] < 0):
            arguments[SEED] = zlib.crc32(f"{get_global_seed()} {place} {self.name}".encode()) & 0x7FFFFFFF
        array = np.array(data)
        if is_kernel(self.function):
            return launch(self.function, array, self.data_out_shape, arguments)
        return self.function(data_in=array, **arguments)


def is_kernel(function: Any) -> bool:
    """Whether it is a warp kernel; where warp has not been imported there is none."""
    warp = sys.modules.get("warp")
    return warp is not None and isinstance(function, warp.Kernel)


def launch(kernel: Any, data: NDArray[Any], out_shape: Shape, arguments: Mapping[str, Any]) -> NDArray[Any]:
    """Run a warp kernel on the CPU: one thread per pixel of (H,W) or (H,W,C) data, one per row of others."""
    warp = sys.modules["warp"]
    labels = {argument.label: argument.type for argument in kernel.adj.args}
    shape = (
        data.shape if out_shape is None else [a if b == -1 else b for a, b in zip(data.shape, out_shape, strict=True)]
    )
    data_in = warp.array(data, dtype=labels[DATA_IN].dtype, device="cpu")
    data_out = warp.zeros(tuple(shape), dtype=labels[DATA_OUT].dtype, device="cpu")
    values = {**arguments, DATA_IN: data_in, DATA_OUT: data_out}
    warp.launch(kernel, dim=tuple(shape)[:2], inputs=[values[label] for label in labels], device="cpu")
    found: NDArray[Any] = data_out.numpy()
    return found


class Augmentations(dict[str, Augmentation]):
    """The registered augmentations of this process."""


def register_augmentation(name: str, augmentation: Augmentation) -> None:
    """Register an augmentation; a registered name is replaced."""
    service(Augmentations)[name] = as_augmentation(augmentation)


def unregister_augmentation(name: str) -> None:
    """Forget an augmentation. Raises ``AugmentationError`` for an unknown name."""
    get_augmentation(name)
    del service(Augmentations)[name]


def get_augmentation(name: str) -> Augmentation:
    """A registered augmentation. Raises ``AugmentationError`` for an unknown name."""
    known = service(Augmentations)
    if name not in known:
        raise AugmentationError(f"No augmentation '{name}'; there are {', '.join(known) or 'none'}")
    return known[name]


def as_augmentation(augmentation: "Augmentation | str | Callable[..., Any]") -> Augmentation:
    """An augmentation given as such, by its registered name, or as a function or kernel."""
    if isinstance(augmentation, Augmentation):
        return augmentation
    if isinstance(augmentation, str):
        return get_augmentation(augmentation)
    return Augmentation.from_function(augmentation)
