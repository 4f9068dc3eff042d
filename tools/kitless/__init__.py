"""kitless: a CPU-only host for Omniverse Kit extensions."""

import os

# Before numpy is imported: the threads of its OpenBLAS look for work for 2**26 cycles after their start and after each
# product, on the cores that ours need; now for 2**16, as long as a few short products.
os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "16")
