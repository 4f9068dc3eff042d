"""What groups cover together is what their parts' pixels say."""

import numpy as np

from kitless.raycast.extents import extents, joined


def test_groups_cover_what_their_pixels_do():
    random = np.random.default_rng(5)
    for _ in range(20):
        ids = random.integers(-1, 9, (12, 17)).astype(np.int32)
        ids[:, : random.integers(0, 12)] = -1
        groups = random.integers(-1, 5, 9).astype(np.int32)
        found = joined(extents(ids, 9), groups, 5)
        image = np.append(groups, -1)[ids]
        for group in range(5):
            rows, columns = np.nonzero(image == group)
            assert found.pixels[group] == len(rows)
            box = [columns.min(), rows.min(), columns.max(), rows.max()] if len(rows) else [-1] * 4
            assert found.boxes[group].tolist() == box
