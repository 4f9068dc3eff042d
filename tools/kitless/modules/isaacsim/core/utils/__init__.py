"""Helpers for stages, prims, labels, viewports, rotations and bounds: a module for each."""
