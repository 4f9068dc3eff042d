"""Commands on prims."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from pxr import Gf, Sdf, Usd, UsdGeom

import omni.usd
from omni.kit.commands import Command
from omni.usd.commands._properties import stage_of
from omni.usd.commands._snapshot import SpecSnapshot


class _LayerCommand(Command):
    """A command whose undo puts back what layers said before."""

    def __init__(self) -> None:
        self._before: list[SpecSnapshot] = []

    def _remember(self, layer: Sdf.Layer, path: Sdf.Path) -> None:
        self._before.append(SpecSnapshot(layer, path))

    def undo(self) -> None:
        """Put back what the layers said."""
        with Sdf.ChangeBlock():
            while self._before:
                self._before.pop().restore()


class CreatePrimWithDefaultXformCommand(_LayerCommand):
    """Make a prim at ``prim_path``, or at the next free path below the default prim, and select it.

    do() returns the path. With ``create_default_xform``, an xformable prim gets translate, rotateXYZ and scale.
    """

    def __init__(
        self,
        prim_type: str,
        prim_path: str | Sdf.Path | None = None,
        select_new_prim: bool = True,
        attributes: Mapping[str, Any] = {},
        create_default_xform: bool = True,
        stage: Usd.Stage | None = None,
        context_name: str | None = None,
    ) -> None:
        super().__init__()
        self._type = prim_type
        self._stage = stage or stage_of(context_name)
        self._context = omni.usd.get_context(context_name or "")
        self._given_path = prim_path
        self._select = select_new_prim
        self._attributes = dict(attributes)
        self._xform = create_default_xform
        self._selected: list[str] = []

    def do(self) -> str:
        """Make it; raises ValueError for an attribute that its type does not have."""
        self._selected = self._context.get_selection().get_selected_prim_paths()
        wanted = self._given_path or f"/{self._type or 'Prim'}"
        path = omni.usd.get_stage_next_free_path(self._stage, wanted, self._given_path is None)
        self._remember(self._stage.GetEditTarget().GetLayer(), Sdf.Path(path))
        with contextlib.ExitStack() as failed:
            failed.callback(super().undo)
            self._make(path)
            failed.pop_all()
        if self._select:
            self._context.get_selection().set_selected_prim_paths([path])
        return path

    def _make(self, path: str) -> None:
        prim = self._stage.DefinePrim(path, self._type)
        for name, value in self._attributes.items():
            attribute = prim.GetAttribute(name)
            if not attribute:
                raise ValueError(f"{path}: type {self._type!r} has no attribute {name!r}")
            attribute.Set(value)
        if self._xform and prim.IsA(UsdGeom.Xformable):
            _add_default_xform(UsdGeom.Xformable(prim))

    def undo(self) -> None:
        """Remove it, and select what was selected."""
        super().undo()
        if self._select:
            self._context.get_selection().set_selected_prim_paths(self._selected)


class CreatePrimCommand(CreatePrimWithDefaultXformCommand):
    """Make a prim, as CreatePrimWithDefaultXformCommand does."""


class DeletePrimsCommand(_LayerCommand):
    """Remove prims from the layers of the stage; what a reference brings in, or all if not ``destructive``, is hidden.

    Hidden means deactivated in the edit target.
    """

    def __init__(
        self,
        paths: Sequence[str | Sdf.Path],
        destructive: bool = True,
        stage: Usd.Stage | None = None,
        context_name: str | None = None,
    ) -> None:
        super().__init__()
        self._paths = Sdf.Path.RemoveDescendentPaths([Sdf.Path(str(path)) for path in paths])
        self._destructive = destructive
        self._stage = stage or stage_of(context_name)

    def do(self) -> None:
        """Remove them; raises ValueError for a path without a prim, before anything is removed."""
        for path in self._paths:
            if not self._stage.GetPrimAtPath(path):
                raise ValueError(f"there is no prim {path}")
        for path in self._paths:
            self._delete(path)

    def _delete(self, path: Sdf.Path) -> None:
        layers = [layer for layer in self._stage.GetLayerStack() if layer.GetPrimAtPath(path)]
        for layer in layers if self._destructive else []:
            self._remember(layer, path)
            edit = Sdf.BatchNamespaceEdit()
            edit.Add(path, Sdf.Path.emptyPath)
            layer.Apply(edit)
        prim = self._stage.GetPrimAtPath(path)
        if prim:
            self._remember(self._stage.GetEditTarget().GetLayer(), path)
            prim.SetActive(False)


class SelectPrimsCommand(Command):
    """Select prims in the default context."""

    def __init__(
        self,
        old_selected_paths: Sequence[str],
        new_selected_paths: Sequence[str],
        expand_in_stage: bool = True,
        source: omni.usd.Selection.SourceType = omni.usd.Selection.SourceType.USD,
    ) -> None:
        self._old = list(old_selected_paths)
        self._new = list(new_selected_paths)
        self._options = (expand_in_stage, source)

    def do(self) -> None:
        """Select the new ones."""
        omni.usd.get_context().get_selection().set_selected_prim_paths(self._new, *self._options)

    def undo(self) -> None:
        """Select the old ones."""
        omni.usd.get_context().get_selection().set_selected_prim_paths(self._old, *self._options)


class _SchemaCommand(Command):
    """Changes the applied schemas of prims; undo puts the list back as the edit target had it."""

    def __init__(
        self,
        paths: Sequence[str | Sdf.Path],
        api_schema: str | type,
        api_instance: str = "",
        stage_or_context: Any = None,
    ) -> None:
        self._paths = [Sdf.Path(str(path)) for path in paths]
        self._schema = api_schema
        self._instance = [api_instance] if api_instance else []
        self._stage = stage_of(stage_or_context)
        self._before: list[tuple[Sdf.Path, Any, SpecSnapshot | None]] = []

    def do(self) -> None:
        """Change the prims; raises ValueError for a path without a prim and what USD raises."""
        prims = [self._stage.GetPrimAtPath(path) for path in self._paths]
        for path, prim in zip(self._paths, prims, strict=True):
            if not prim:
                raise ValueError(f"there is no prim {path}")
        with contextlib.ExitStack() as failed:
            failed.callback(self.undo)
            for prim in prims:
                self._remember(prim.GetPath())
                self._change(prim)
            failed.pop_all()

    def _change(self, prim: Usd.Prim) -> None:
        raise NotImplementedError

    def _remember(self, path: Sdf.Path) -> None:
        layer = self._stage.GetEditTarget().GetLayer()
        spec = layer.GetPrimAtPath(path)
        # A prim's spec may be large; what changes in it is one list.
        schemas = spec.GetInfo("apiSchemas") if spec and spec.HasInfo("apiSchemas") else None
        self._before.append((path, schemas, None if spec else SpecSnapshot(layer, path)))

    def undo(self) -> None:
        """Put back the lists."""
        layer = self._stage.GetEditTarget().GetLayer()
        while self._before:
            path, schemas, absence = self._before.pop()
            if absence is not None:
                absence.restore()
            elif schemas is None:
                layer.GetPrimAtPath(path).ClearInfo("apiSchemas")
            else:
                layer.GetPrimAtPath(path).SetInfo("apiSchemas", schemas)


class AppendAPIToPrimsCommand(_SchemaCommand):
    """Apply a schema, ``api_instance`` of a multiple-apply one, to prims."""

    def _change(self, prim: Usd.Prim) -> None:
        prim.ApplyAPI(self._schema, *self._instance)


class RemoveAPIFromPrimsCommand(_SchemaCommand):
    """Remove a schema, ``api_instance`` of a multiple-apply one, from prims; their attributes stay."""

    def _change(self, prim: Usd.Prim) -> None:
        prim.RemoveAPI(self._schema, *self._instance)


def _add_default_xform(prim: UsdGeom.Xformable) -> None:
    prim.AddTranslateOp(UsdGeom.XformOp.PrecisionDouble).Set(Gf.Vec3d(0.0))
    prim.AddRotateXYZOp(UsdGeom.XformOp.PrecisionDouble).Set(Gf.Vec3d(0.0))
    prim.AddScaleOp(UsdGeom.XformOp.PrecisionDouble).Set(Gf.Vec3d(1.0))
