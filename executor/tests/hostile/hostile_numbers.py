"""System call numbers that hostile programs use, past every wrapper of libc or Python."""

import platform

# name: (x86-64, asm-generic as on aarch64)
NUMBERS = {
    "accept4": (288, 242), "acct": (163, 89), "add_key": (248, 217), "adjtimex": (159, 171), "bind": (49, 200),
    "bpf": (321, 280), "capset": (126, 91), "chdir": (80, 49), "chroot": (161, 51), "clock_nanosleep": (230, 115),
    "clock_settime": (227, 112), "clone": (56, 220), "clone3": (435, 435), "close": (3, 57), "connect": (42, 203),
    "copy_file_range": (326, 285), "delete_module": (176, 106), "dup": (32, 23), "epoll_create1": (291, 20),
    "eventfd2": (290, 19), "execve": (59, 221), "execveat": (322, 281), "fanotify_init": (300, 262),
    "fchmodat": (268, 53), "fchownat": (260, 54), "fcntl": (72, 25), "fsopen": (430, 430), "futex": (202, 98),
    "get_robust_list": (274, 100), "getcpu": (309, 168), "getcwd": (79, 17), "getdents64": (217, 61),
    "getpeername": (52, 205), "getppid": (110, 173), "getpgid": (121, 155), "getpriority": (140, 141),
    "getsid": (124, 156),
    "getsockopt": (55, 209), "getuid": (102, 174), "init_module": (175, 105), "inotify_init1": (294, 26),
    "io_setup": (206, 0), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425), "ioctl": (16, 29), "ioprio_get": (252, 31), "ioprio_set": (251, 30),
    "kcmp": (312, 272), "kexec_load": (246, 104), "keyctl": (250, 219), "kill": (62, 129),
    "landlock_create_ruleset": (444, 444), "landlock_restrict_self": (446, 446),
    "linkat": (265, 37), "listen": (50, 201), "madvise": (28, 233),
    "mbind": (237, 235), "membarrier": (324, 283), "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "migrate_pages": (256, 238), "mincore": (27, 232), "mkdirat": (258, 34), "mknodat": (259, 33),
    "mlock": (149, 228), "mmap": (9, 222), "mount": (165, 40), "move_pages": (279, 239), "mprotect": (10, 226),
    "mq_open": (240, 180), "mremap": (25, 216), "msgget": (68, 186), "name_to_handle_at": (303, 264),
    "nanosleep": (35, 101), "newfstatat": (262, 79), "open_by_handle_at": (304, 265), "openat": (257, 56),
    "openat2": (437, 437), "perf_event_open": (298, 241), "personality": (135, 92), "pidfd_getfd": (438, 438),
    "pidfd_open": (434, 434), "pidfd_send_signal": (424, 424), "pipe2": (293, 59), "pivot_root": (155, 41),
    "pkey_alloc": (330, 289), "pkey_mprotect": (329, 288), "ppoll": (271, 73), "prctl": (157, 167),
    "prlimit64": (302, 261), "process_madvise": (440, 440), "process_mrelease": (448, 448),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "ptrace": (101, 117), "quotactl": (179, 60),
    "read": (0, 63), "readlinkat": (267, 78), "reboot": (169, 142), "recvfrom": (45, 207), "recvmsg": (47, 212),
    "remap_file_pages": (216, 234), "renameat2": (316, 276), "request_key": (249, 218),
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigqueueinfo": (129, 138),
    "rt_sigreturn": (15, 139), "rt_tgsigqueueinfo": (297, 240), "sched_getaffinity": (204, 123),
    "sched_setaffinity": (203, 122), "sched_setattr": (314, 274), "sched_setscheduler": (144, 119),
    "seccomp": (317, 277), "semget": (64, 190), "sendfile": (40, 71), "sendmmsg": (307, 269),
    "sendmsg": (46, 211), "sendto": (44, 206), "setdomainname": (171, 162), "setfsuid": (122, 151),
    "setgid": (106, 144), "setgroups": (116, 159), "sethostname": (170, 161), "setitimer": (38, 103),
    "setns": (308, 268), "setpgid": (109, 154), "setpriority": (141, 140), "setresuid": (117, 147),
    "setrlimit": (160, 164), "setsid": (112, 157), "setsockopt": (54, 208), "settimeofday": (164, 170),
    "setuid": (105, 146), "setxattr": (188, 5), "shmat": (30, 196), "shmget": (29, 194), "shutdown": (48, 210),
    "sigaltstack": (131, 132), "signalfd4": (289, 74), "socket": (41, 198), "socketpair": (53, 199),
    "splice": (275, 76), "statfs": (137, 43), "statx": (332, 291), "swapoff": (168, 225), "symlinkat": (266, 36),
    "sync": (162, 81), "sysinfo": (99, 179), "syslog": (103, 116), "tgkill": (234, 131),
    "timer_create": (222, 107), "timerfd_create": (283, 85), "tkill": (200, 130), "truncate": (76, 45),
    "umount2": (166, 39), "uname": (63, 160), "unlinkat": (263, 35), "unshare": (272, 97),
    "userfaultfd": (323, 282), "utimensat": (280, 88), "vhangup": (153, 58), "vmsplice": (278, 75),
    "wait4": (61, 260), "write": (1, 64),
}  # fmt: skip
ARCHITECTURES = ("x86_64", "aarch64")


def numbers_here() -> dict[str, int]:
    """The numbers on this machine."""
    place = ARCHITECTURES.index(platform.machine())
    return {name: pair[place] for name, pair in NUMBERS.items()}
