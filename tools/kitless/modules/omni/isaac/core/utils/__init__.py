"""The old name of isaacsim.core.utils: a module for each of its."""
