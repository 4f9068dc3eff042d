"""The global seed."""

from kitless.services import service


class GlobalSeed:
    """The seed that everything random derives from."""

    def __init__(self) -> None:
        self.value = 0
        self.streams = 0
        """How many generators have been made from it."""
        self.times_set = 0


def set_global_seed(seed: int) -> None:
    """Set the global seed, a non-negative integer."""
    if seed < 0:
        raise ValueError(f"The global seed must not be negative: {seed}")
    known = service(GlobalSeed)
    known.value = int(seed)
    known.streams = 0
    known.times_set += 1


def get_global_seed() -> int:
    """The global seed; 0 until one is set, so that unseeded runs repeat too."""
    return service(GlobalSeed).value


def next_stream() -> tuple[int, int]:
    """The seed for the next generator that derives from the global seed: the seed, and a number of its own."""
    root = service(GlobalSeed)
    root.streams += 1
    return root.value, root.streams
