"""What a data set is on disk, beside the files of its writer."""

from .layout import JOB, REPORT, TAXONOMY, is_dataset, is_whole, sidecar_folder, write_json

__all__ = ["JOB", "TAXONOMY", "REPORT", "is_dataset", "is_whole", "sidecar_folder", "write_json"]
