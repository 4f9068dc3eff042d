"""The annotators known by name."""

from collections.abc import Mapping
from typing import Any

from .._missing import Missing
from . import boxes, boxes_3d, camera_params, images, masks, motion, pointcloud, skeleton, visibility
from .annotator import Annotator
from .node import AnnotatorRegistryError, Spec, check_parameters

SPECS: Mapping[str, Spec] = {
    **images.SPECS,
    **masks.SPECS,
    **boxes.SPECS,
    **boxes_3d.SPECS,
    **motion.SPECS,
    **pointcloud.SPECS,
    **visibility.SPECS,
    **camera_params.SPECS,
    **skeleton.SPECS,
    "CameraParams": camera_params.SPECS["camera_params"],
    "LdrColor": images.SPECS["rgb"],
    "MotionVectors": motion.SPECS["motion_vectors"],
}
PLANNED = frozenset(
    """
    cross_correspondence SmoothNormal BumpNormal AmbientOcclusion Motion2d DiffuseAlbedo SpecularAlbedo Roughness
    DirectDiffuse DirectSpecular Reflections IndirectDiffuse EmissionAndForegroundMask PtDirectIllumation
    PtGlobalIllumination PtReflections PtRefractions PtSelfIllumination PtBackground PtWorldNormal PtWorldPos
    PtZDepth PtVolumes PtDiffuseFilter PtReflectionFilter PtRefractionFilter SemanticOcclusionPostRender
    InstanceIdSegmentationPostRender InstanceSegmentationPostRender BackgroundRand skeleton_prims
    skeleton_attributes DispatchSync PostProcessDispatcher CrossCorrespondence SemanticOcclusionSD
    """.split()  # noqa: SIM905  seventy names read better as a paragraph
)
"""Names that Replicator has and kitless has not yet (its documentation's default list)."""


class AnnotatorRegistry:
    """Annotators by name."""

    _default_annotators = [*SPECS, *sorted(PLANNED)]  # noqa: RUF012  Isaac Sim appends its own names to it
    register_annotator_from_aov = Missing("omni.replicator.core.AnnotatorRegistry.register_annotator_from_aov")
    register_annotator_from_node = Missing("omni.replicator.core.AnnotatorRegistry.register_annotator_from_node")
    register_augmentation = Missing("omni.replicator.core.AnnotatorRegistry.register_augmentation")
    unregister_annotator = Missing("omni.replicator.core.AnnotatorRegistry.unregister_annotator")

    @classmethod
    def get_annotator(
        cls,
        name: str,
        init_params: Mapping[str, Any] | None = None,
        render_product_idxs: Any = None,
        device: str | None = None,
        do_array_copy: bool = True,
    ) -> Annotator:
        """A new annotator. Raises ``AnnotatorRegistryError`` for an unknown name, parameter or device.

        ``render_product_idxs`` and other devices than the CPU are not in kitless.
        """
        spec = cls._spec(name)
        check_parameters(name, spec, init_params or {})
        cls._check_device(name, spec, device)
        if render_product_idxs is not None:
            Missing("omni.replicator.core.AnnotatorRegistry.get_annotator(render_product_idxs=…)")()
        return Annotator(name, spec, init_params or {})

    @classmethod
    def get_registered_annotators(cls) -> list[str]:
        """The names, hidden ones left out."""
        return [name for name, spec in SPECS.items() if not spec.hidden]

    @staticmethod
    def detach(annotator: Annotator | str, render_products: Any) -> None:
        """Detach an annotator from render products."""
        if isinstance(annotator, str):
            Missing("omni.replicator.core.AnnotatorRegistry.detach of a name")()
        else:
            annotator.detach(render_products)

    @staticmethod
    def _spec(name: str) -> Spec:
        if not isinstance(name, str):
            raise AnnotatorRegistryError(f"An annotator's name is a string, not {name!r}")
        if name in SPECS:
            return SPECS[name]
        if name in PLANNED or name.startswith("PtMultiMatte"):
            raise NotImplementedError(f"Annotator '{name}' is not in kitless yet")
        raise AnnotatorRegistryError(f"No annotator '{name}'; available are {', '.join(SPECS)}")

    @staticmethod
    def _check_device(name: str, spec: Spec, device: str | None) -> None:
        kind = (device or "cpu").lower()
        if kind == "cpu":
            return
        if kind.partition(":")[0] != "cuda":
            raise AnnotatorRegistryError(f"Unknown device '{device}'; there are 'cpu', 'cuda' and 'cuda:<i>'")
        if spec.cpu_only:
            raise AnnotatorRegistryError(f"Annotator '{name}' is on the CPU only")
        raise NotImplementedError(f"Annotator '{name}' on device '{device}': kitless has the CPU only")
