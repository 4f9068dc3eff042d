"""Ray casting of USD stages on the CPU: stage and arrays in, arrays out. Knows no Kit name."""
