"""How far two recordings of one job agree: arrays, files, report. Numpy and Pillow only: it runs in Isaac Sim's Python."""
