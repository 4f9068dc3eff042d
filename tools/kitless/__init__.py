"""kitless: a CPU-only host for Omniverse Kit extensions."""
