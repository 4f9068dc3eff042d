"""Viewports: a camera and a resolution, in a window that nobody sees."""

from __future__ import annotations

from typing import Any

from pxr import Gf, Sdf, Usd, UsdGeom

import omni.kit.app
import omni.usd
from carb.settings import get_settings
from kitless import app_cameras
from kitless.absent import Partial
from kitless.services import service

WIDTH_SETTING = "/app/renderer/resolution/width"
HEIGHT_SETTING = "/app/renderer/resolution/height"
DEFAULT_NAME = "Viewport"
_DEFAULT_SIZE = (1280, 720)


class ViewportAPI(Partial):
    """What a viewport shows: a camera of its context's stage in a resolution."""

    def __init__(self, usd_context_name: str, camera_path: str | None, resolution: tuple[int, int]) -> None:
        self.usd_context_name = usd_context_name
        self.updates_enabled = True
        """Kept; kitless draws when it is asked to."""
        self.fill_frame = False
        self.id = ""
        """The window's name."""
        self._camera = str(camera_path or app_cameras.PERSPECTIVE)
        self._resolution = resolution
        self._product: Any = None

    @property
    def stage(self) -> Usd.Stage | None:
        """The stage that is shown, None when none is open."""
        return omni.usd.get_context(self.usd_context_name).get_stage()

    @property
    def camera_path(self) -> Sdf.Path:
        """The camera."""
        return Sdf.Path(self._camera)

    @camera_path.setter
    def camera_path(self, path: str | Sdf.Path) -> None:
        self._camera = str(path)

    def get_active_camera(self) -> Sdf.Path:
        """Return the camera."""
        return self.camera_path

    def set_active_camera(self, path: str | Sdf.Path) -> None:
        """Show another camera."""
        self.camera_path = path

    @property
    def camera(self) -> UsdGeom.Camera:
        """The camera's prim. Not in Kit.

        Raises ValueError where the stage has none at its path, or where none is open.
        """
        prim = app_cameras.ensure(self.stage, self._camera) if self.stage else None
        if not prim or not prim.IsA(UsdGeom.Camera):
            raise ValueError(f"viewport {self.id}: its camera {self._camera} is not on the open stage")
        return UsdGeom.Camera(prim)

    @property
    def resolution(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._resolution

    @resolution.setter
    def resolution(self, size: tuple[int, int]) -> None:
        width, height = (int(side) for side in size)
        if width < 1 or height < 1:
            raise ValueError(f"a viewport's resolution is at least 1 x 1, not {width} x {height}")
        self._resolution = (width, height)

    def get_texture_resolution(self) -> tuple[int, int]:
        """Return width and height in pixels."""
        return self._resolution

    def set_texture_resolution(self, resolution: tuple[int, int]) -> None:
        """Set width and height in pixels."""
        self.resolution = resolution

    @property
    def full_resolution(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._resolution

    @property
    def render_product_path(self) -> str:
        """The path of the viewport's render product, for writers and annotators; made when it is first asked for."""
        import omni.replicator.core as rep

        camera, product = str(self.camera.GetPath()), self._product
        if (
            product is None
            or not product.hydra_texture
            or (product.camera, product.resolution) != (camera, self._resolution)
        ):
            self._product = rep.create.render_product(camera, self._resolution, force_new=True, name="ViewportTexture")
        return str(self._product.path)

    @property
    def transform(self) -> Gf.Matrix4d:
        """The camera's transform to the world (row vectors)."""
        return omni.usd.get_world_transform_matrix(self.camera.GetPrim())

    @property
    def view(self) -> Gf.Matrix4d:
        """The world's transform to the camera (row vectors)."""
        return self.transform.GetInverse()

    @property
    def projection(self) -> Gf.Matrix4d:
        """The camera's transform to the normalized device, -1 to 1 (row vectors); pixels are square."""
        camera = self.camera.GetCamera(Usd.TimeCode.Default())
        width, height = self._resolution
        camera.verticalAperture = camera.horizontalAperture * height / width
        return camera.frustum.ComputeProjectionMatrix()

    @property
    def world_to_ndc(self) -> Gf.Matrix4d:
        """The world's transform to the normalized device (row vectors)."""
        return self.view * self.projection

    @property
    def ndc_to_world(self) -> Gf.Matrix4d:
        """The normalized device's transform to the world (row vectors)."""
        return self.world_to_ndc.GetInverse()

    async def wait_for_rendered_frames(self, additional_frames: int = 0) -> None:
        """Wait for an update and so many more."""
        for _ in range(1 + additional_frames):
            await omni.kit.app.get_app().next_update_async()


class ViewportWindow(Partial):
    """A viewport's window. Nothing is shown: its place and size are kept."""

    def __init__(self, name: str, viewport_api: ViewportAPI, place: tuple[int, int] = (0, 0)) -> None:
        self.name = self.title = name
        self.viewport_api = viewport_api
        viewport_api.id = name
        self.position_x, self.position_y = place
        self.width, self.height = viewport_api.resolution
        self.visible = True

    def destroy(self) -> None:
        """Close the window for good."""
        self.visible = False
        service(Viewports).forget(self)

    def focus(self) -> None:
        """Do nothing: nobody looks."""


class Viewports:
    """The windows, oldest first; the default one is there until it is destroyed."""

    def __init__(self) -> None:
        settings = get_settings()
        size = tuple(settings.get_as_int(path) for path in (WIDTH_SETTING, HEIGHT_SETTING))
        width, height = (side or default for side, default in zip(size, _DEFAULT_SIZE, strict=True))
        self._windows = [ViewportWindow(DEFAULT_NAME, ViewportAPI("", None, (width, height)))]

    def windows(self, usd_context_name: str | None = None) -> list[ViewportWindow]:
        """Return the windows, of one context if given."""
        windows = self._windows
        return [each for each in windows if usd_context_name in (None, each.viewport_api.usd_context_name)]

    def find(self, name: str | None, usd_context_name: str | None = None) -> ViewportWindow | None:
        """Return the window of that name, without a name the first one; None when there is none."""
        return next((each for each in self.windows(usd_context_name) if name in (None, each.name)), None)

    def add(self, name: str | None, viewport_api: ViewportAPI, place: tuple[int, int]) -> ViewportWindow:
        """Open a window; a name that is taken, or none, gets a number."""
        taken = {each.name for each in self._windows}
        wanted, count = name or DEFAULT_NAME, 1
        unique = wanted
        while unique in taken:
            count += 1
            unique = f"{wanted} {count}"
        window = ViewportWindow(unique, viewport_api, place)
        self._windows.append(window)
        return window

    def forget(self, window: Any) -> None:
        """Close a window."""
        self._windows = [each for each in self._windows if each is not window]
