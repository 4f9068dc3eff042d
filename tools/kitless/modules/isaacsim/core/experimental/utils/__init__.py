"""Helpers for the app, stages, prims and labels in the manner of Isaac Sim 6: a module for each."""
