"""Render products: a camera and a resolution that annotators and writers attach to."""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pxr import Gf, Sdf, Tf, Usd, UsdRender

import carb.settings
import omni.kit.app
import omni.usd
from kitless.services import service

from .frame import Frame, Moment, moment_now
from .tiles import Tiles, columns_for

if TYPE_CHECKING:
    from .annotators.node import Node

PREFIX = "/exts/omni.kit.hydra_texture/renderProduct/path/prefix"
DEFAULT_NAME = "Replicator"


class NativeTexture:
    """The ``hydra_texture`` member: what Kit implements natively."""

    def __init__(self, path: str, camera: str, resolution: tuple[int, int]) -> None:
        self._path, self._camera = path, camera
        self.width, self.height = resolution
        self.updates_enabled = True

    def set_updates_enabled(self, enabled: bool = True) -> None:
        """Switch rendering on or off; off, annotators keep the last frame's data."""
        self.updates_enabled = enabled

    def get_camera_path(self) -> str:
        """The camera's prim path."""
        return self._camera

    def get_render_product_path(self) -> str:
        """The render product's prim path."""
        return self._path


class HydraTexture:
    """A render product. ``hydra_texture`` is None once it is destroyed."""

    def __init__(self, path: str, camera: str, resolution: tuple[int, int]) -> None:
        self.path = path
        self.camera = camera
        self.resolution = resolution
        self.hydra_texture: NativeTexture | None = NativeTexture(path, camera, resolution)
        self.nodes: dict[Any, Node] = {}
        self._frame: Frame | Tiles | None = None
        self._taken_at = omni.kit.app.get_app().get_update_number()

    @property
    def name(self) -> str:
        """The last part of the path: what files and payloads call it."""
        return self.path.rpartition("/")[2]

    @property
    def is_enabled(self) -> bool:
        """Whether it is alive and its updates are on."""
        return self.hydra_texture is not None and self.hydra_texture.updates_enabled

    def take(self, moment: Moment) -> Frame | Tiles:
        """Take a frame now. Raises ``RuntimeError`` where a camera has gone from the stage."""
        self._frame = self._look(moment)
        self._taken_at = omni.kit.app.get_app().get_update_number()
        return self._frame

    def _look(self, moment: Moment) -> Frame | Tiles:
        before = self._frame if isinstance(self._frame, Frame) else None
        return Frame(self._camera_prim(self.camera), self.resolution, moment, before)

    def _camera_prim(self, path: str) -> Usd.Prim:
        stage = omni.usd.get_context().get_stage()
        prim = stage.GetPrimAtPath(path) if stage else None
        if not prim:
            raise RuntimeError(f"Render product {self.path}: its camera {path} is not on the open stage")
        return prim

    def latest(self) -> Frame | Tiles | None:
        """The newest frame; taken now if the app has updated since. None before the first update."""
        if self.is_enabled and self._taken_at != omni.kit.app.get_app().get_update_number():
            return self.take(moment_now())
        return self._frame

    def destroy(self) -> None:
        """Detach everything from the product and remove its prim; a second call does nothing."""
        if self.hydra_texture is None:
            return
        self.retire()
        service(RenderProducts).forget(self)

    def retire(self) -> None:
        """End the product whose prim is gone, or is going."""
        if self.hydra_texture is not None:
            self.hydra_texture.updates_enabled = False
        self.hydra_texture = None
        self.nodes.clear()
        self._frame = None


class TiledTexture(HydraTexture):
    """A render product of several cameras. Its ``camera`` is the first of them."""

    def __init__(self, path: str, cameras: Sequence[str], tile: tuple[int, int]) -> None:
        columns = columns_for(len(cameras))
        rows = math.ceil(len(cameras) / columns)
        super().__init__(path, cameras[0], (columns * tile[0], rows * tile[1]))
        self.cameras, self.tile = tuple(cameras), tile

    def _look(self, moment: Moment) -> Tiles:
        before = self._frame.frames if isinstance(self._frame, Tiles) else [None] * len(self.cameras)
        return Tiles(
            [
                Frame(self._camera_prim(camera), self.tile, moment, last)
                for camera, last in zip(self.cameras, before, strict=True)
            ]
        )


class RenderProducts:
    """The live render products of the process, by path."""

    def __init__(self) -> None:
        carb.settings.get_settings().set_default(PREFIX, "HydraTextures/")
        self._alive: dict[str, HydraTexture] = {}

    def __iter__(self) -> Iterator[HydraTexture]:
        self._drop_gone()
        return iter(list(self._alive.values()))

    def _drop_gone(self) -> None:
        """Retire the products that went with their stage: closing it takes its session layer along."""
        stage = omni.usd.get_context().get_stage()
        for path in [path for path in self._alive if not (stage and stage.GetPrimAtPath(path))]:
            self._alive.pop(path).retire()

    def find(self, path: str) -> HydraTexture:
        """A live product by path. Raises ``ValueError`` where there is none."""
        for product in self:
            if product.path == path:
                return product
        raise ValueError(f"No render product at '{path}'; there are {sorted(self._alive) or 'none'}")

    def like(self, camera: str, resolution: tuple[int, int]) -> HydraTexture | None:
        """A live product with this camera and resolution."""
        single = (product for product in self if not isinstance(product, TiledTexture))
        return next((p for p in single if (p.camera, p.resolution) == (camera, resolution)), None)

    def like_tiled(self, cameras: Sequence[str], tile: tuple[int, int]) -> HydraTexture | None:
        """A live product with these cameras and tiles of this size."""
        tiled = (product for product in self if isinstance(product, TiledTexture))
        return next((p for p in tiled if (p.cameras, p.tile) == (tuple(cameras), tile)), None)

    def create(self, camera: str, resolution: tuple[int, int], name: str | None) -> HydraTexture:
        """Define the product's prim in the session layer, under the next free name."""
        return self._add(HydraTexture(self._free_path(name), camera, resolution), [camera])

    def create_tiled(self, cameras: Sequence[str], tile: tuple[int, int], name: str | None) -> HydraTexture:
        """As ``create``, for several cameras."""
        return self._add(TiledTexture(self._free_path(name), cameras, tile), cameras)

    def _free_path(self, name: str | None) -> str:
        # The new product may take the path of one that went with its stage.
        self._drop_gone()
        prefix = carb.settings.get_settings().get_as_string(PREFIX) or "RenderProduct_"
        wanted = f"/Render/{prefix}{Tf.MakeValidIdentifier(name or DEFAULT_NAME)}"
        return omni.usd.get_stage_next_free_path(omni.usd.get_context().get_stage(), wanted, False)

    def _add(self, texture: HydraTexture, cameras: Sequence[str]) -> HydraTexture:
        stage = omni.usd.get_context().get_stage()
        assert stage is not None
        with Usd.EditContext(stage, stage.GetSessionLayer()):
            product = UsdRender.Product.Define(stage, texture.path)
            product.CreateResolutionAttr(Gf.Vec2i(*texture.resolution))
            product.CreateCameraRel().SetTargets(list(cameras))
        self._alive[texture.path] = texture
        return texture

    def forget(self, product: HydraTexture) -> None:
        """Drop a destroyed product and its prim."""
        self._alive.pop(product.path, None)
        stage = omni.usd.get_context().get_stage()
        session = stage.GetSessionLayer() if stage else None
        if session and session.GetPrimAtPath(product.path):
            edit = Sdf.BatchNamespaceEdit()
            edit.Add(product.path, Sdf.Path.emptyPath)
            session.Apply(edit)


def as_products(render_products: Any) -> list[HydraTexture]:
    """Render products given as path, HydraTexture or a list of them. Raises ``ValueError`` for anything else."""
    if isinstance(render_products, (str, Sdf.Path)):
        return [service(RenderProducts).find(str(render_products))]
    if isinstance(render_products, HydraTexture):
        return [render_products]
    if isinstance(render_products, (list, tuple)):
        return [product for item in render_products for product in as_products(item)]
    raise ValueError(f"Not a render product: {render_products!r}")
