"""An annotator as scripts hold it: attach it to a render product, ask it for data."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from kitless.absent import Missing

from ..render_product import HydraTexture, as_products
from .augmentation import Augmentation, AugmentationError, as_augmentation
from .node import Node, Output, Spec, check_parameters


class AnnotatorError(Exception):
    """An annotator asked for what it cannot do now."""


def legacy(output: Output) -> Any:
    """The older shape of an output: the bare array, the dictionary of values, or both as ``data`` and ``info``."""
    info = {name: value for name, value in output.items() if name != "data"}
    if "data" not in output:
        return info
    return {"data": output["data"], "info": info} if info else output["data"]


class Annotator:
    """Data of one kind about one render product."""

    def __init__(
        self,
        name: str,
        spec: Spec,
        init_params: Mapping[str, Any],
        augmentations: Sequence[Augmentation] = (),
        public_name: str | None = None,
    ) -> None:
        self._name = name
        self._spec = spec
        self._parameters = dict(init_params)
        self._augmentations = tuple(augmentations)
        self._public_name = public_name
        self._product: HydraTexture | None = None
        self._plain: Output | None = None
        self._augmented: Output = {}

    @property
    def name(self) -> str:
        """The name in writers' payloads."""
        return self._public_name or self._name

    @property
    def template_name(self) -> str:
        """The registered name."""
        return self._name

    @property
    def is_attached(self) -> bool:
        """Whether it sits on a render product."""
        return self._product is not None

    @property
    def documentation(self) -> str:
        """What it gives: dtypes, shapes, units."""
        return self._spec.compute.__doc__ or ""

    docs = documentation

    def get_name(self) -> str:
        """The name in writers' payloads."""
        return self.name

    def initialize(self, **kwargs: Any) -> None:
        """Change parameters. Raises ``AnnotatorError`` once attached, ``AnnotatorRegistryError`` for unknown ones."""
        if self._product is not None:
            raise AnnotatorError(f"Annotator '{self._name}' is attached: initialize it before")
        check_parameters(self._name, self._spec, kwargs)
        self._parameters |= kwargs

    def copy(self, name: str | None = None) -> "Annotator":
        """The same annotator, not attached; by another name in payloads if given."""
        return Annotator(self._name, self._spec, self._parameters, self._augmentations, name or self._public_name)

    def augment(
        self,
        augmentation: Any,
        data_out_shape: Any = None,
        name: str | None = None,
        device: str | None = None,
        **kwargs: Any,
    ) -> "Annotator":
        """A new annotator whose array this augmentation (or function, kernel, registered name) is applied to.

        Keywords are the augmentation's arguments. Without ``name`` the payload's key stays. Raises
        ``AugmentationError`` for arguments that are missing or not taken, or an annotator that has no array.
        """
        if device not in (None, "cpu"):
            Missing(f"omni.replicator.core.Annotator.augment(device='{device}')")()
        step = as_augmentation(augmentation).given(kwargs).checked()
        if data_out_shape is not None:
            step = replace(step, data_out_shape=data_out_shape)
        if self._spec.empty is None:
            raise AugmentationError(f"Annotator '{self._name}' has no array to augment")
        made = self.copy(name)
        made._augmentations = (*self._augmentations, step)
        return made

    def augment_compose(self, augmentations: Sequence[Any], name: str | None = None) -> "Annotator":
        """A new annotator with several augmentations, the first one applied first."""
        made = self
        for augmentation in augmentations:
            made = made.augment(augmentation)
        return made.copy(name)

    def attach(self, render_products: Any, render_product_idxs: Any = None) -> "Annotator":
        """Attach to one render product (path, HydraTexture or one-element list); several are not possible."""
        products = as_products(render_products)
        if len(products) != 1 or render_product_idxs is not None:
            raise NotImplementedError(f"Annotator '{self._name}' attaches to one render product, not {len(products)}")
        if self._product is not None:
            self.detach()
        self._product = products[0]
        node = self._product.nodes.setdefault(self._key, Node(self._name, self._spec, self._parameters))
        node.users += 1
        return self

    def detach(self, render_products: Any = None) -> None:
        """Detach. Raises ``AnnotatorError`` where it is not attached to the render products named."""
        if render_products is not None and self._product not in as_products(render_products):
            raise AnnotatorError(f"Annotator '{self._name}' is not attached to any of the render products")
        if self._product is None:
            return
        node = self._product.nodes.get(self._key)
        if node is not None:
            node.users -= 1
            if node.users == 0:
                del self._product.nodes[self._key]
        self._product = None

    def get_data(
        self, device: str | None = None, do_array_copy: bool = False, use_legacy_structure: bool = True
    ) -> Any:
        """The data of the newest frame; empty arrays before the first.

        In the older shape (the default) a bare array, a dictionary, or ``{"data", "info"}``; else one flat dictionary.
        Arrays may be shared with other readers unless ``do_array_copy``. Raises ``AnnotatorError`` if not attached.
        """
        if self._product is None:
            raise AnnotatorError(f"Annotator '{self._name}' is not attached to any render products")
        if device not in (None, "cpu"):
            Missing(f"omni.replicator.core.Annotator.get_data(device='{device}')")()
        output = self.output()
        if do_array_copy:
            output = {key: np.copy(value) if isinstance(value, np.ndarray) else value for key, value in output.items()}
        return legacy(output) if use_legacy_structure else dict(output)

    def output(self) -> Output:
        """The newest output as one flat dictionary."""
        assert self._product is not None
        node = self._product.nodes.get(self._key)
        if node is None:
            raise AnnotatorError(f"Annotator '{self._name}': its render product is destroyed")
        plain = node.evaluate(self._product.latest())
        return self._augment(plain) if self._augmentations else plain

    def _augment(self, plain: Output) -> Output:
        """What the augmentations make of an output, once per output; what is empty before the first frame stays so."""
        if plain is not self._plain:
            data = plain["data"]
            for number, augmentation in enumerate(self._augmentations if data.size else ()):
                place = f"{self._name} {number}"
                data = augmentation.apply(data, place)
            self._plain, self._augmented = plain, {**plain, "data": data}
        return self._augmented

    @property
    def _key(self) -> tuple[str, str]:
        return self._name, str(sorted(self._parameters.items()))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return Missing(f"omni.replicator.core.Annotator.{name}")
