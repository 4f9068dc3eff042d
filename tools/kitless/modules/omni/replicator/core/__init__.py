"""omni.replicator.core: render products, annotators, writers, backends, orchestrator.

The subset that recordings need. Names that Replicator has and kitless has not yet are there too; using one raises
``NotImplementedError`` with its name.
"""

from kitless.absent import Missing

from . import (
    annotators,
    augmentations_default,
    backends,
    create,
    distribution,
    functional,
    get,
    modify,
    orchestrator,
    randomizer,
    rng,
    scripts,
    settings,
    tools,
    trigger,
    utils,
    writers,
)
from .annotators import AnnotatorRegistry, AnnotatorRegistryError
from .backends import BackendDispatch, BackendGroup, BackendRegistry, BaseBackend
from .layers import new_layer
from .seed import get_global_seed, set_global_seed
from .writers import BasicWriter, Writer, WriterRegistry, WriterRegistryError

physics = Missing("omni.replicator.core.physics")
vp_manager = Missing("omni.replicator.core.vp_manager")

__all__ = [
    "AnnotatorRegistry",
    "AnnotatorRegistryError",
    "BackendDispatch",
    "BackendGroup",
    "BackendRegistry",
    "BaseBackend",
    "BasicWriter",
    "Writer",
    "WriterRegistry",
    "WriterRegistryError",
    "annotators",
    "augmentations_default",
    "backends",
    "create",
    "distribution",
    "functional",
    "get",
    "get_global_seed",
    "modify",
    "new_layer",
    "orchestrator",
    "physics",
    "randomizer",
    "rng",
    "scripts",
    "set_global_seed",
    "settings",
    "tools",
    "trigger",
    "utils",
    "vp_manager",
    "writers",
]
