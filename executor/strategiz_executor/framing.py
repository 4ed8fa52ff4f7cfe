"""Byte layouts on the two kinds of socket between server, zygote and child. Constants only.

Control socket (server and zygote): commands of five bytes one way, records of a five-byte head and
a body the other. Child socket (server and child): first, from the child, READY_SOON; then frames of a 4-byte
little-endian length and that many bytes: its lockdown's layers as ASCII joined by commas, then frames.proto.
"""

import struct

LENGTH = struct.Struct("<I")
LONGEST_LAYERS = 512  # bytes
READY_SOON = b"s"  # with it comes a descriptor of the child's autogroup, where the kernel has those
FAILED = "!"  # begins the child's first words where its lockdown failed

COMMAND = struct.Struct("<cI")
FORK = b"F"  # value: how many children
REAP = b"K"  # value: pid of a child to kill and reap

RECORD = struct.Struct("<cI")  # kind, bytes in the body
ALL_REFUSED = "all refused"  # what a canary says where its lockdown holds; else what it reached
LOCKDOWN_FAILED = "the lockdown failed"  # begins its words where it could not even be locked down
CANARY_SAYS = "\n"  # comes before its words: some of its attacks send bytes
HELLO = b"H"  # body: one JSON object of strings, sent once when the zygote can fork
CHILD = b"C"  # body: PID; one descriptor comes with it: the server's end of the child's socket
REAPED = b"R"  # body: REPORT
PID = struct.Struct("<I")
REPORT = struct.Struct("<IiQQQ")  # pid, wait status, user us, system us, peak resident KB
