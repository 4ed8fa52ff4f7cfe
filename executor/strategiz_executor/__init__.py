"""The strategy executor: runs users' Python strategies, one disposable child process each."""

__version__ = "0.1.0"
