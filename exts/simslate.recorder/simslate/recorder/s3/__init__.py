"""Data sets in buckets: the place of one that is recorded, and what reads one that is there.

boto3 is imported where it is used: it comes with Isaac Sim, and elsewhere with the extra ``s3``.
"""

from .prefix import S3Prefix, probe
from .uploader import Limits

__all__ = ["Limits", "S3Prefix", "probe"]
