"""The writer of a recording: made, told the taxonomy's ids, and put on render products."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import omni.replicator.core as rep
from omni.syntheticdata import SyntheticData

from .classes import described
from .config import Job, RenderProduct
from .dataset.book import Book
from .dataset.ledger import LedgerBackend, keep_ledger
from .destination import Place
from .errors import ConfigError
from .output import OutputFolder
from .output_pair import OutputPair
from .predicate import Predicate
from .preflight import Preflight
from .requirements import parameter_names
from .s3 import S3Prefix
from .s3.backend import VerifiedS3Backend
from .taxonomy import Taxonomy
from .writer_names import class_name

MASK = "semantic_segmentation"
COLORIZE = "colorize_semantic_segmentation"
"""The parameter by which writers tell whether this mask is colours or ids."""


def make_writer(
    job: Job, output: Place, book: Book, taxonomy: Taxonomy | None = None
) -> tuple[Any, list[LedgerBackend]]:
    """Return the writer of ``job``, initialised to write to ``output``, and the ledgers around its backends.

    A writer with a parameter ``taxonomy`` is given the job's, unless the job gives it another. ConfigError if it
    refuses its parameters.
    """
    writer = rep.WriterRegistry.get(class_name(job.writer.name))
    known = set(parameter_names(type(writer)))
    where = _where_to_write(output, known, job)
    if taxonomy is not None and "taxonomy" in known:
        where["taxonomy"] = taxonomy.to_json()
    try:
        writer.initialize(**{**where, **job.writer.parameters})
    except Exception as error:
        # The edge to a plugin: a writer may refuse parameters in any way.
        source = job.source or "job"
        raise ConfigError(f"{source}: $.writer.parameters: {job.writer.name} refuses them: {error}") from error
    folder = None if isinstance(output, S3Prefix) else output.path
    return writer, keep_ledger(writer, book, folder)


def semantic_filter(taxonomy: Taxonomy | None) -> Predicate:
    """Return the global semantic filter, after a taxonomy that ignores unlisted labels has been made part of it."""
    filters = SyntheticData.Get()
    predicate = Predicate(filters.get_instance_mapping_semantic_filter())
    if taxonomy is None or taxonomy.unlisted != "ignore":
        return predicate
    predicate = predicate.narrowed(taxonomy.taxonomy, taxonomy.labels)
    filters.set_instance_mapping_semantic_filter(predicate.text)
    return predicate


def set_mapping(writer: Any, job: Job, taxonomy: Taxonomy, preflight: Preflight) -> None:
    """Give the writer's semantic mask the ids or colours of ``taxonomy``.

    Raises ConfigError for a writer whose mask is its own affair: whether it holds ids or colours cannot be told.
    """
    # Annotators of a real Kit always join nested labels: "path" is what they tell, whatever the mode.
    labels = described(preflight.drawn, taxonomy.taxonomy, {"path", job.resolve}, preflight.passes)
    parameter = parameter_names(type(writer)).get(COLORIZE)
    for place, annotator in enumerate(writer.annotators):
        if isinstance(annotator, str) and annotator == MASK:
            mapping = taxonomy.mapping(labels, colorize=False)
            writer.annotators[place] = rep.AnnotatorRegistry.get_annotator(MASK, init_params={"mapping": mapping})
        elif not isinstance(annotator, str) and annotator.template_name == MASK:
            if parameter is None:
                raise ConfigError(
                    f"{job.source or 'job'}: $.taxonomy: {job.writer.name} makes an annotator {MASK} of its own; for a "
                    f"taxonomy it has to name it only, or to have a parameter {COLORIZE}"
                )
            colorize = bool(job.writer.parameters.get(COLORIZE, parameter.default))
            annotator.initialize(mapping=taxonomy.mapping(labels, colorize=colorize))


def named_products(job: Job) -> Iterator[tuple[RenderProduct, str]]:
    """Yield the render products of ``job`` with the names that messages give them: their own, or the camera's."""
    return ((product, product.name or f"{product.camera} {product.resolution}") for product in job.render_products)


def attach_writer(writer: Any, job: Job, on_stage: ExitStack) -> tuple[str, ...]:
    """Make the render products of ``job`` and put ``writer`` on them, until ``on_stage`` closes.

    Returns the products' names as writers see them.
    """
    products = []
    for product in job.render_products:
        texture: Any = rep.create.render_product(product.camera, product.resolution, name=product.name, force_new=True)
        on_stage.callback(texture.destroy)
        products.append(texture)
    writer.attach(products)
    on_stage.callback(writer.detach)
    return tuple(str(product.path).rpartition("/")[2] for product in products)


def _where_to_write(output: Place, known: set[str], job: Job) -> dict[str, Any]:
    """Return the arguments that send a writer with the parameters ``known`` to ``output``.

    Older writers of Isaac Sim take a folder and no backend; a writer that takes neither keeps no files.
    """
    if "backend" in known:
        return {"backend": _backend(output)}
    if not isinstance(output, OutputFolder) and "output_dir" in known:
        source = job.source or "job"
        raise ConfigError(f"{source}: $.output.kind: {job.writer.name} takes a folder only, so it cannot write to S3")
    return {"output_dir": str(output.location)} if "output_dir" in known else {}


def _backend(output: Place) -> Any:
    if isinstance(output, S3Prefix):
        return VerifiedS3Backend(output)
    backend = rep.backends.get("DiskBackend")
    backend.initialize(output_dir=str(output.path))
    if isinstance(output, OutputPair):
        # The disk first: what cannot be uploaded has to be there.
        return rep.backends.BackendGroup([backend, VerifiedS3Backend(output.bucket)])
    return backend
