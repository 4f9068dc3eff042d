"""isaacsim.replicator.writers: Isaac Sim's own writers, registered when the app starts."""

from kitless.absent import Missing

from .data_visualization_writer import DataVisualizationWriter
from .dope_writer import DOPEWriter
from .pose_writer import PoseWriter

WRITERS = (PoseWriter, DataVisualizationWriter, DOPEWriter)

PytorchListener = Missing("isaacsim.replicator.writers.PytorchListener")
PytorchWriter = Missing("isaacsim.replicator.writers.PytorchWriter")
YCBVideoWriter = Missing("isaacsim.replicator.writers.YCBVideoWriter")

__all__ = ["DOPEWriter", "DataVisualizationWriter", "PoseWriter"]
