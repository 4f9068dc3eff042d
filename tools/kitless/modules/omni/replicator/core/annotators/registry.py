"""The annotators known by name."""

from collections.abc import Mapping
from typing import Any

from kitless.absent import Missing
from kitless.services import service

from . import boxes, boxes_3d, camera_params, images, masks, motion, pointcloud, skeleton, visibility
from .annotator import Annotator
from .augmentation import get_augmentation, register_augmentation, unregister_augmentation
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


class RegisteredAnnotators(dict[str, Annotator]):
    """Annotators that were registered in this process, as they are copied for users."""


class AnnotatorRegistry:
    """Annotators by name."""

    _default_annotators = [*SPECS, *sorted(PLANNED)]  # noqa: RUF012  Isaac Sim appends its own names to it
    register_augmentation = staticmethod(register_augmentation)
    unregister_augmentation = staticmethod(unregister_augmentation)
    get_augmentation = staticmethod(get_augmentation)

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
        if render_product_idxs is not None:
            Missing("omni.replicator.core.AnnotatorRegistry.get_annotator(render_product_idxs=…)")()
        if isinstance(name, str) and name in service(RegisteredAnnotators):
            cls._check_device(name, None, device)
            made = service(RegisteredAnnotators)[name].copy(name)
            made.initialize(**(init_params or {}))
            return made
        spec = cls._spec(name)
        check_parameters(name, spec, init_params or {})
        cls._check_device(name, spec, device)
        return Annotator(name, spec, init_params or {})

    @classmethod
    def get_registered_annotators(cls) -> list[str]:
        """The names, hidden ones left out."""
        return [*(name for name, spec in SPECS.items() if not spec.hidden), *service(RegisteredAnnotators)]

    @classmethod
    def register(cls, name: str, annotator: Annotator | str) -> None:
        """Make an annotator, say an augmented one, known by a name; a registered name is replaced.

        Raises ``AnnotatorRegistryError`` for a built-in name, or an unknown annotator.
        """
        if name in cls._default_annotators:
            raise AnnotatorRegistryError(f"'{name}' is a built-in annotator's name")
        known = cls.get_annotator(annotator) if isinstance(annotator, str) else annotator
        service(RegisteredAnnotators)[name] = known.copy(name)

    @classmethod
    def unregister_annotator(cls, name: str) -> None:
        """Forget a registered annotator. Raises ``AnnotatorRegistryError`` for an unknown name."""
        known = service(RegisteredAnnotators)
        if name not in known:
            raise AnnotatorRegistryError(
                f"No annotator '{name}' was registered; there are {', '.join(known) or 'none'}"
            )
        del known[name]

    @classmethod
    def register_annotator_from_aov(
        cls,
        aov: str,
        output_data_type: Any = None,
        output_channels: int = 1,
        on_attach_callback: Any = None,
        name: str | None = None,
        is_gpu_enabled: bool = True,
        documentation: str | None = None,
    ) -> None:
        """Make a picture of the renderer known by a name, its own by default.

        kitless has those that its annotators are made of (LdrColor, HdrColor, DepthLinearized …), in their own type
        and channels; others raise ``NotImplementedError``.
        """
        if aov not in SPECS or on_attach_callback is not None:
            Missing(f"omni.replicator.core.AnnotatorRegistry.register_annotator_from_aov('{aov}')")()
        if (name or aov) not in SPECS:
            cls.register(name or aov, aov)

    @classmethod
    def register_annotator_from_node(
        cls,
        name: str,
        input_rendervars: Any,
        node_type_id: str,
        init_params: Any = None,
        render_product_idxs: Any = (0,),
        output_rendervars: Any = None,
        output_data_type: Any = None,
        output_is_2d: bool = False,
        output_channels: int = 1,
        is_gpu_enabled: bool = True,
        hidden: bool = False,
        on_attach_callback: Any = None,
        documentation: str | None = None,
    ) -> None:
        """Not in kitless: there is no OmniGraph to run the node."""
        raise NotImplementedError(
            f"omni.replicator.core.AnnotatorRegistry.register_annotator_from_node('{name}'): kitless has no OmniGraph "
            f"to run '{node_type_id}' in; augment a built-in annotator by a function instead"
        )

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
        raise AnnotatorRegistryError(
            f"No annotator '{name}'; available are {', '.join([*SPECS, *service(RegisteredAnnotators)])}"
        )

    @staticmethod
    def _check_device(name: str, spec: Spec | None, device: str | None) -> None:
        kind = (device or "cpu").lower()
        if kind == "cpu":
            return
        if kind.partition(":")[0] != "cuda":
            raise AnnotatorRegistryError(f"Unknown device '{device}'; there are 'cpu', 'cuda' and 'cuda:<i>'")
        if spec is not None and spec.cpu_only:
            raise AnnotatorRegistryError(f"Annotator '{name}' is on the CPU only")
        raise NotImplementedError(f"Annotator '{name}' on device '{device}': kitless has the CPU only")
