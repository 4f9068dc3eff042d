"""How far two recordings of one job agree. Standard library, numpy, Pillow: it runs in Isaac Sim's Python, too."""
