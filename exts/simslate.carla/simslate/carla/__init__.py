"""Runs scripts written for CARLA's Python client on a USD stage."""
