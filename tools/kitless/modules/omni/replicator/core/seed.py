"""The global seed."""

from kitless.services import service


class GlobalSeed:
    """The seed that everything random derives from."""

    def __init__(self) -> None:
        self.value = 0
        self.times_set = 0


def set_global_seed(seed: int) -> None:
    """Set the global seed, a non-negative integer."""
    if seed < 0:
        raise ValueError(f"The global seed must not be negative: {seed}")
    known = service(GlobalSeed)
    known.value = int(seed)
    known.times_set += 1


def get_global_seed() -> int:
    """The global seed; 0 until one is set, so that unseeded runs repeat too."""
    return service(GlobalSeed).value
