"""Extensions: the base class of an extension's object, and the manager that finds and starts them."""

from kitless.absent import absent
from omni.ext._errors import ExtensionCycleError, ExtensionError, ExtensionNotFoundError
from omni.ext._hooks import ExtensionStateChangeType, IExtensionManagerHooks, IHookHolder
from omni.ext._iext import IExt
from omni.ext._manager import ExtensionManager, ExtensionPathType
from omni.ext._manifest import get_extension_name

__all__ = [
    "ExtensionManager",
    "ExtensionPathType",
    "ExtensionStateChangeType",
    "IExt",
    "IExtensionManagerHooks",
    "IHookHolder",
    "get_extension_name",
    "ExtensionError",
    "ExtensionCycleError",
    "ExtensionNotFoundError",
]

__getattr__ = absent(__name__)
