"""What runs inside the executor's child: from a strategy's source and bars to signals, plots and logs."""
