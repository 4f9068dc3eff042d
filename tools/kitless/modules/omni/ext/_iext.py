"""The base class of an extension's object."""


class IExt:
    """Derive from it in the module that ``config/extension.toml`` names; one instance is made when it is enabled."""

    def on_startup(self, ext_id: str) -> None:
        """Do what the extension does when it is enabled; ``ext_id`` is name and version, ``a.b-1.0.0``."""

    def on_shutdown(self) -> None:
        """Undo what on_startup did."""
