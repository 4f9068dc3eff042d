"""Proves or disproves that a data set is whole and consistent."""

from .finding import KINDS, Finding
from .junit import junit_xml, write_junit
from .run import validate
from .validation import Validation

__all__ = ["validate", "Validation", "Finding", "KINDS", "junit_xml", "write_junit"]
