"""Authoring prims on the open stage: shapes, cameras, lights, materials, labels, and where things stand."""
