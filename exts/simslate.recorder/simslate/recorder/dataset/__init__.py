"""What a data set is on disk, beside the files of its writer."""

from .layout import is_dataset, is_whole, job_file, report_file, write_json

__all__ = ["is_dataset", "is_whole", "job_file", "report_file", "write_json"]
