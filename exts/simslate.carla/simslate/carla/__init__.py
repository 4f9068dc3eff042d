"""The calls of CARLA's Python client for sensors, over a USD stage. No ``carla`` package is needed."""
