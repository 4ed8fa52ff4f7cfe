"""Many cells of one strategy in one process: a series decoded once, its expressions remembered across cells.

Each cell runs as an execution of its own would: a fresh namespace and frame, generators seeded by code,
parameters and bars, and the same guards.
"""
