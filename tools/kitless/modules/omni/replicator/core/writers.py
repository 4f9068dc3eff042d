"""The writers known by name."""

from inspect import isabstract
from typing import Any

import carb
from kitless.absent import Missing
from kitless.services import service

from .annotators import Annotator
from .basic_writer import BasicWriter
from .coco_writer import CocoWriter
from .cosmos_writer import CosmosWriter
from .fps_writer import FPSWriter
from .kitti_writer import KittiWriter
from .render_product import as_products
from .writer import ON_FRAME, AttachedWriters, Writer, WriterError

BUILT_IN: tuple[type[Writer], ...] = (BasicWriter, CocoWriter, KittiWriter, FPSWriter, CosmosWriter)
PLANNED = ("YCBVideoWriter", "PytorchWriter")


class WriterRegistryError(Exception):
    """A writer that does not exist, or cannot be registered."""


class InvalidWriterError(WriterRegistryError):
    """A class that is no writer."""

    def __init__(self, writer_name: str, writer: Any) -> None:
        super().__init__(f"{writer_name} is no subclass of Writer")
        self.writer_name = writer_name
        self.writer = writer


class WriterClasses(dict[str, type[Writer]]):
    """What is registered in this process; an app starts with Replicator's and Isaac Sim's writers."""

    def __init__(self) -> None:
        # Isaac Sim's writers are built on this package, and registered in it: only this edge goes back.
        from isaacsim.replicator.writers import WRITERS

        known: tuple[type[Writer], ...] = (*BUILT_IN, *WRITERS)
        super().__init__({writer.__name__: writer for writer in known})
        self.categories: dict[str, list[str]] = {}


class WriterRegistry:
    """Writer classes by name, and the attached writers."""

    _default_writers = [  # noqa: RUF012  Isaac Sim appends its own names to it
        *(writer.__name__ for writer in BUILT_IN),
        "PoseWriter",
        "DataVisualizationWriter",
        "DOPEWriter",
    ]

    @classmethod
    def register(cls, writer_cls: type[Writer], category: str | None = None) -> None:
        """Register a class under its name; a registered name is replaced with a warning."""
        name = getattr(writer_cls, "__name__", repr(writer_cls))
        if not isinstance(writer_cls, type) or not issubclass(writer_cls, Writer):
            raise InvalidWriterError(name, writer_cls)
        classes = service(WriterClasses)
        if name in classes:
            carb.log_warn(f"Writer {name} was registered already and is replaced")
        classes[name] = writer_cls
        if category is not None:
            classes.categories.setdefault(category, []).append(name)

    @classmethod
    def unregister_writer(cls, writer_name: str) -> None:
        """Remove a class and detach its writers. Raises ``WriterRegistryError`` for an unknown name."""
        classes = service(WriterClasses)
        if writer_name not in classes:
            raise WriterRegistryError(f"No writer with name '{writer_name}'; there are {', '.join(classes)}")
        cls.detach(writer_name)
        del classes[writer_name]
        for names in classes.categories.values():
            names[:] = [name for name in names if name != writer_name]

    unregister = unregister_writer

    @classmethod
    def get(
        cls,
        writer_name: str,
        init_params: dict[str, Any] | None = None,
        render_products: Any = None,
        trigger: Any = ON_FRAME,
    ) -> Writer:
        """A new writer, bare: call ``initialize`` on it, unless parameters are given here.

        Raises ``WriterRegistryError`` for an unknown name.
        """
        classes = service(WriterClasses)
        if writer_name not in classes and writer_name in PLANNED:
            raise NotImplementedError(f"Writer '{writer_name}' is not in kitless yet")
        if writer_name not in classes:
            raise WriterRegistryError(f"No writer with name '{writer_name}'; there are {', '.join(classes)}")
        writer_cls = classes[writer_name]
        if isabstract(writer_cls):
            raise InvalidWriterError(writer_name, writer_cls)
        writer = writer_cls.__new__(writer_cls)
        if init_params:
            writer.initialize(**init_params)
        if render_products:
            writer.attach(render_products, trigger=trigger)
        return writer

    @classmethod
    def get_writers(cls, category: str | None = None) -> dict[str, type[Writer]]:
        """The registered classes by name, all or of one category."""
        classes = service(WriterClasses)
        names = list(classes) if category is None else classes.categories.get(category, [])
        return {name: classes[name] for name in names}

    @classmethod
    def attach(
        cls, writer: Writer, render_products: Any, init_params: dict[str, Any] | None = None, trigger: Any = ON_FRAME
    ) -> None:
        """Attach a writer."""
        if init_params:
            carb.log_warn("WriterRegistry.attach(init_params=…) is deprecated: initialize the writer before")
            writer.initialize(**init_params)
        writer.attach(render_products, trigger=trigger)

    @classmethod
    def detach(cls, writer_name: str, render_products: Any = None) -> None:
        """Detach the attached writers of a class, all or those on some render products."""
        wanted = None if render_products is None else as_products(render_products)
        for writer in list(service(AttachedWriters).values()):
            named = type(writer).__name__ == writer_name
            if named and (wanted is None or any(product in wanted for product in writer.products)):
                writer.detach()

    @classmethod
    def detach_all(cls) -> None:
        """Detach every writer."""
        for writer in list(service(AttachedWriters).values()):
            writer.detach()

    @classmethod
    def get_attached_writers(cls, render_products: Any) -> dict[str, Writer]:
        """The attached writers on render products, by class name, the first of each."""
        if render_products is None:
            raise WriterRegistryError("get_attached_writers needs a render product")
        wanted = as_products(render_products)
        found: dict[str, Writer] = {}
        for writer in service(AttachedWriters).values():
            if any(product in wanted for product in writer.products):
                found.setdefault(type(writer).__name__, writer)
        return found

    @classmethod
    def get_attached_writer(cls, writer_name: str, render_products: Any) -> Writer | None:
        """The first attached writer of a class; a render product without writers raises ``WriterRegistryError``."""
        found = cls.get_attached_writers(render_products)
        if not found:
            raise WriterRegistryError(f"No writer is attached to {render_products}")
        return found.get(writer_name)

    @classmethod
    def get_writer_render_products(cls) -> set[tuple[str]]:
        """The paths of render products that writers are attached to, each in a tuple of its own."""
        return {(product.path,) for writer in service(AttachedWriters).values() for product in writer.products}

    @classmethod
    def get_annotators(cls, render_products: Any) -> set[Annotator]:
        """The annotators that writers have on render products."""
        writers = cls.get_attached_writers(render_products).values()
        return {annotator for writer in writers for annotator in writer.get_attached_annotators()}

    register_node_writer = Missing("omni.replicator.core.WriterRegistry.register_node_writer")


def get(
    name: str, init_params: dict[str, Any] | None = None, render_products: Any = None, trigger: Any = ON_FRAME
) -> Writer:
    """A new writer by name; see ``WriterRegistry.get``."""
    return WriterRegistry.get(name, init_params, render_products, trigger)


def register_writer(writer_cls: type[Writer], category: str | None = None) -> None:
    """Register a writer class."""
    WriterRegistry.register(writer_cls, category)


def unregister_writer(writer_name: str) -> None:
    """Remove a writer class."""
    WriterRegistry.unregister_writer(writer_name)


register_node_writer = Missing("omni.replicator.core.writers.register_node_writer")
NodeWriter = Missing("omni.replicator.core.writers.NodeWriter")

__all__ = [
    "BasicWriter",
    "InvalidWriterError",
    "NodeWriter",
    "Writer",
    "WriterError",
    "WriterRegistry",
    "WriterRegistryError",
    "get",
    "register_node_writer",
    "register_writer",
    "unregister_writer",
]
