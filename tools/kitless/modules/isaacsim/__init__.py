"""Isaac Sim's package: SimulationApp, and the namespace of its extensions."""

from pkgutil import extend_path

# Extensions of users may bring parts of this package in folders of their own.
__path__ = extend_path(__path__, __name__)

from isaacsim.simulation_app import AppFramework, SimulationApp

__all__ = ["AppFramework", "SimulationApp"]
