"""Pictures of one colour, and the sky that tests of materials stand under."""

import numpy as np

SKY = 450.0
HALF = 0.5
"""Display value of that sky: 900 is 1."""


def flat(*color, size=(4, 4)):
    return np.full((*size, len(color)), color, np.uint8)
