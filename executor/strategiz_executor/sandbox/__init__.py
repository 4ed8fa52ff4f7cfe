"""The untrusted side's shell: the zygote, and the child that runs one owner's code.

Nothing here imports `server`.
"""
