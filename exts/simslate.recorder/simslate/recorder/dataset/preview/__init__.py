"""One page that shows a recording: a static HTML file with everything in it, for a browser without a network."""

from .run import Outcome, preview

__all__ = ["preview", "Outcome"]
