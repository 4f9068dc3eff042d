"""What is said about physics on the stage."""

from isaacsim.core.api.physics_context.physics_context import PhysicsContext

__all__ = ["PhysicsContext"]
