"""What can go wrong, by what the caller can do about it.

SimslateError
  ConfigError       exit 2   the job or a file it names is wrong; nothing was recorded
  StageError        exit 2   the stage does not have what the job needs; nothing was recorded
  StateError                 the recorder cannot do this now; the command line never causes it
  IncompleteError   exit 3   the recording began and could not be finished
  OutputError       exit 4   the data set could not be written
"""

from __future__ import annotations

from typing import ClassVar


class SimslateError(Exception):
    """Base of all errors raised here. Takes one message, or several problems found at once.

    ``problems`` holds them as a tuple of strings; ``str(error)`` puts each on a line of its own.
    ``exit_code`` is the command line's exit code for this kind of error.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class ConfigError(SimslateError):
    """A job, a label rules file or a parameter file says something that cannot be done."""

    exit_code = 2


class StageError(SimslateError):
    """No stage is open, or the open one lacks what was asked of it."""

    exit_code = 2


class StateError(SimslateError):
    """A command that the recorder's present state does not allow."""


class IncompleteError(SimslateError):
    """The recording began and could not be finished: the frames on disk are fewer than asked for."""

    exit_code = 3


class OutputError(SimslateError):
    """The output folder cannot be used, or a file could not be written."""

    exit_code = 4
