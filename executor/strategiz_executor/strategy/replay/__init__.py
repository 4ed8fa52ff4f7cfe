"""From the run on the whole series to what the strategy says at every bar.

The answer is always that of the plain loop over real prefixes (`plain`). Forms 1 and 4 get there the
fastest way that holds: decision paths, stand-ins that read remembered columns, real prefixes.
"""
