"""`python -m strategiz_executor`: serves until SIGTERM."""

import os
import sys

from strategiz_executor.server.cli import main

if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:], os.environ))
