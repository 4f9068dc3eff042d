"""The base class of writers."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Self
from uuid import uuid1

import carb
import omni.kit.app
from kitless.absent import Missing
from kitless.services import service

from .annotators import Annotator, AnnotatorRegistry
from .backends import BaseBackend
from .frame import Moment
from .functional import write_json
from .graph import ReplicatorItem, Trigger
from .payload import Attachment, common, structure
from .render_product import as_products
from .seed import get_global_seed

ON_FRAME = "omni.replicator.core.OgnOnFrame"
UNVERSIONED = "0.0.0"
METADATA_FILE = "metadata.txt"


class WriterError(Exception):
    """A writer asked for what it cannot do."""


class AttachedWriters(dict[str, "Writer"]):
    """The attached writers of the process, by writer id, in order of attaching."""


class Writer(ABC):
    """Takes the data of each frame. Subclasses list annotators, choose a ``data_structure`` and define ``write``."""

    backend: BaseBackend | None = None
    version: str = UNVERSIONED
    annotators: list[Any] = []  # noqa: RUF012  Replicator's class attribute; each instance gets its own list
    metadata: dict[str, Any] | None = None
    num_written: int = 0
    data_structure: str = "legacy"
    _writer_id: str
    _attachments: list[Attachment]
    _trigger: Callable[[], bool]
    _is_scheduled: bool
    _metadata_written: bool
    _payload: dict[str, Any] | None

    def __new__(cls, *_args: Any, **_kwargs: Any) -> Self:
        """Make a writer that can be attached although ``__init__`` runs later (in ``initialize``)."""
        self = super().__new__(cls)
        self.num_written = 0
        self.annotators = []
        self._writer_id = ""
        self._attachments = []
        self._trigger = never
        self._is_scheduled = False
        self._metadata_written = False
        self._payload = None
        return self

    @abstractmethod
    def write(self, data: dict[str, Any]) -> None:
        """Take the data of one frame, shaped as ``data_structure`` says."""

    def initialize(self, **kwargs: Any) -> None:
        """Run ``__init__`` with parameters; may be called again."""
        self.__init__(**kwargs)  # type: ignore[misc]  # Replicator's two-step construction

    def attach(self, render_products: Any, trigger: Any = ON_FRAME) -> None:
        """Attach to render products (path, HydraTexture or a list of them).

        ``trigger``: the default writes every frame, None only after ``schedule_write``, one of ``rep.trigger`` the
        frames for which it has fired, a callable whenever it returns True. Raises ``ValueError`` for other triggers and
        for what is no render product.
        """
        self._trigger = as_trigger(trigger)
        structure(self.data_structure)
        self._detach_annotators()
        self.num_written = 0
        for product in as_products(render_products):
            named = {name: annotator.copy().attach(product) for name, annotator in self.get_annotators().items()}
            self._attachments.append(Attachment(product, named))
        self._writer_id = self._writer_id or f"{type(self).__name__}_{uuid1()}"
        listen()
        service(AttachedWriters)[self._writer_id] = self

    async def attach_async(self, render_products: Any, trigger: Any = ON_FRAME) -> None:
        """Attach, and return one app update later."""
        self.attach(render_products, trigger)
        await omni.kit.app.get_app().next_update_async()

    def detach(self) -> None:
        """Detach from all render products, which live on."""
        self._detach_annotators()
        self.reset()
        service(AttachedWriters).pop(self._writer_id, None)

    def reset(self) -> None:
        """Forget the last payload and what was scheduled."""
        self._payload = None
        self._is_scheduled = False

    def schedule_write(self) -> None:
        """Write the next frame; for writers attached with ``trigger=None``."""
        self._is_scheduled = True

    def get_data(self) -> dict[str, Any] | None:
        """The last payload, written or not."""
        return self._payload

    def get_annotators(self) -> dict[str, Annotator]:
        """The annotators by payload name; names given as strings are looked up."""
        resolved = [AnnotatorRegistry.get_annotator(a) if isinstance(a, str) else a for a in self.annotators]
        return {annotator.name: annotator for annotator in resolved}

    def get_annotator(self, name: str) -> Annotator | None:
        """One of them, or None."""
        return self.get_annotators().get(name)

    def get_attached_annotators(self) -> list[Annotator]:
        """The annotators sitting on render products now."""
        return [annotator for attachment in self._attachments for annotator in attachment.annotators.values()]

    def add_annotator(self, annotator: Annotator | str, name: str | None = None) -> None:
        """Add an annotator, replacing one of the same name; ``name`` becomes its key in payloads."""
        added = AnnotatorRegistry.get_annotator(annotator) if isinstance(annotator, str) else annotator
        added = added if name is None else added.copy(name)
        kept = {key: value for key, value in self.get_annotators().items() if key != added.name}
        self.annotators = [*kept.values(), added]

    def augment_annotator(self, annotator_name: str, augmentation: Any, **kwargs: Any) -> None:
        """Augment one of the annotators; its key in payloads and its place stay.

        Raises ``WriterError`` where the writer has none of that name; see ``Annotator.augment``.
        """
        known = self.get_annotators()
        if annotator_name not in known:
            raise WriterError(f"{type(self).__name__} has no annotator '{annotator_name}'; it has {', '.join(known)}")
        known[annotator_name] = known[annotator_name].augment(augmentation, name=annotator_name, **kwargs)
        self.annotators = list(known.values())

    def on_final_frame(self) -> None:  # noqa: B027  an optional hook: most writers have nothing to finish
        """Called when the orchestrator stops."""

    def get_metadata(self) -> dict[str, Any]:
        """What ``metadata.txt`` says. The colon in the last key is Replicator's."""
        return {"name": type(self).__name__, "version": self.version, "replicator_global_seed:": get_global_seed()}

    def write_metadata(self) -> None:
        """Schedule ``metadata.txt`` at the backend's root; without a backend, warn."""
        if self.version == UNVERSIONED:
            carb.log_warn(f"Writer {type(self).__name__} has no version")
        if self.backend is None:
            carb.log_warn(f"Writer {type(self).__name__} has no backend: no {METADATA_FILE} is written")
            return
        self.backend.schedule(write_json, path=METADATA_FILE, data=self.get_metadata())

    @property
    def is_due(self) -> bool:
        """Whether the next frame is to be written: asked once per frame, since a trigger may count."""
        enabled = bool(self._attachments) and all(a.product.is_enabled for a in self._attachments)
        return enabled and (self._is_scheduled or self._trigger())

    @property
    def is_waiting(self) -> bool:
        """Whether ``schedule_write`` was called and its frame has not come yet."""
        return self._is_scheduled

    def let_go_of_destroyed(self) -> None:
        """Drop the render products that are gone; without any left the writer is detached."""
        self._attachments = [a for a in self._attachments if a.product.hydra_texture is not None]
        if not self._attachments:
            self.detach()

    def deliver(self, moment: Moment, due: bool) -> None:
        """Hand over a frame: called by the orchestrator once its render products have it."""
        if not self._metadata_written:
            self._metadata_written = True
            self.write_metadata()
        payload = self._payload = {**common(moment), **structure(self.data_structure)(self._attachments)}
        if due:
            self._is_scheduled = False
            self.write(payload)
            self.num_written += 1

    @property
    def products(self) -> list[Any]:
        """The render products it is attached to."""
        return [attachment.product for attachment in self._attachments]

    def _detach_annotators(self) -> None:
        for annotator in self.get_attached_annotators():
            annotator.detach()
        self._attachments = []


def listen() -> None:
    """Have the orchestrator observe the app: from the first attached writer on, playing may mean capturing."""
    from .orchestrator import Orchestrator  # the orchestrator knows writers; only this edge goes back

    service(Orchestrator)


def never() -> bool:
    """The trigger of writers that wait for ``schedule_write``."""
    return False


def always() -> bool:
    """The default trigger."""
    return True


def as_trigger(trigger: Any) -> Callable[[], bool]:
    """A trigger as a callable. Raises ``ValueError`` for one of another type, ``WriterError`` for another node."""
    if isinstance(trigger, ReplicatorItem) and isinstance(trigger.node, Trigger):
        node = trigger.node
        return lambda: node.has_fired
    if trigger is None:
        return never
    if trigger == ON_FRAME:
        return always
    if isinstance(trigger, str):
        raise WriterError(f"No trigger node '{trigger}' in kitless; there is '{ON_FRAME}'")
    if isinstance(trigger, Missing) or not callable(trigger):
        raise ValueError(f"Not a trigger: {trigger!r}; give None, one of rep.trigger, a callable, or leave it out")
    return trigger
