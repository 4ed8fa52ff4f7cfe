"""What reading a source finds without running it, one kind of finding a file."""
