"""Nothing of the kernel is reachable that a strategy does not need: one program for each door, and one for all."""

import platform

import pytest
from hostile_arena import Arena
from hostile_groups import Groups

FEATURES = {
    "no_ring_is_set_up": "raw('io_uring_setup', 8, room())",
    "no_ring_is_entered": "raw('io_uring_enter', 3, 1, 1, 0, 0, 0)",
    "no_ring_is_registered": "raw('io_uring_register', 3, 0, 0, 0)",
    "no_asynchronous_read_is_set_up": "raw('io_setup', 1, room())",
    "no_program_is_loaded_into_the_kernel": "raw('bpf', 5, room(), 128)",
    "no_map_is_made_in_the_kernel": "raw('bpf', 0, room(), 128)",
    "no_program_is_attached_to_the_kernel": "raw('bpf', 8, room(), 128)",
    "no_object_of_the_kernel_is_pinned": "raw('bpf', 6, room(), 128)",
    "no_page_fault_is_held_in_user_mode": "raw('userfaultfd', 0)",
    "no_key_ring_is_joined": "raw('keyctl', 1, 0, 0, 0, 0)",
    "no_key_ring_is_searched": "raw('keyctl', 10, -3, b'user', b'a', 0)",
    "no_security_module_is_asked": "raw_number(459, 100, room(), room(8), 0)",
    "no_mount_is_listed": "raw_number(458, room(), room(), 1, 0)",
    "no_page_fault_is_held": "raw('userfaultfd', 1)",
    "no_key_is_read": "raw('keyctl', 6, -3, room(), 4096)",
    "no_key_is_added": "raw('add_key', b'user', b'a', b'b', 1, -3)",
    "no_key_is_asked_for": "raw('request_key', b'user', b'a', 0, 0)",
    "no_personality_is_taken": "raw('personality', 0x0400000)",
    "no_personality_is_asked_for": "raw('personality', 0xffffffff)",
    "no_protection_is_taken_off": "raw('prctl', 38, 0, 0, 0, 0)",
    "no_dump_is_made_possible": "raw('prctl', 4, 1, 0, 0, 0)",
    "no_filter_is_read": "raw('prctl', 21, 0, 0, 0, 0)",
    "no_filter_is_added": "raw('seccomp', 1, 0, room())",
    "no_filter_is_listened_to": "raw('seccomp', 1, 8, room())",
    "no_rule_is_added": "raw('landlock_create_ruleset', 0, 0, 1)",
    "no_capability_is_taken": "raw('capset', struct.pack('Ii', 0x20080522, 0), b'\\xff' * 24)",
    "no_user_is_changed": "os.setuid(0)",
    "no_group_is_changed": "os.setgid(0)",
    "no_user_is_saved": "raw('setresuid', 0, 0, 0)",
    "no_user_of_files_is_changed": "raw('setfsuid', 0)",
    "no_groups_are_dropped": "os.setgroups([])",
    "no_user_is_told": "raw('getuid')",
    "no_module_is_loaded_into_the_kernel": "raw('init_module', room(), 4096, b'')",
    "no_module_is_taken_from_the_kernel": "raw('delete_module', b'nothing', 0o4000)",
    "no_kernel_is_loaded": "raw('kexec_load', 0, 0, 0, 0)",
    "no_machine_is_restarted": "raw('reboot', 0, 0, 0, 0)",  # wrong magic numbers: harmless if let through
    "no_kernel_log_is_read": "raw('syslog', 3, room(), 4096)",
    "no_host_is_renamed": "raw('sethostname', b'x', -1)",
    "no_domain_is_renamed": "raw('setdomainname', b'x', -1)",
    "no_clock_is_set": "raw('clock_settime', -1, 0)",
    "no_day_is_set": "raw('settimeofday', 0, 1)",
    "no_clock_is_adjusted": "raw('adjtimex', room())",
    "no_memory_file_is_made": "os.memfd_create('x')",
    "no_secret_memory_is_made": "raw('memfd_secret', 0)",
    "no_shared_memory_is_made": "raw('shmget', 0, 4096, 0o1600)",
    "no_shared_memory_is_attached": "raw('shmat', 0, 0, 0)",
    "no_named_shared_memory_is_made": "modules['os'].open('/dev/shm/hostile', os.O_CREAT | os.O_RDWR)",
    "no_named_shared_memory_is_made_by_libc": "call(libc.shm_open, b'/hostile', 0o102, 0o600)",
    "no_named_semaphore_is_made": "raw('openat', -100, b'/dev/shm/sem.hostile', 0o102, 0o600)",
    "no_shared_memory_is_removed": "raw_number(31 if numbers['write'] == 1 else 195, 0, 0, 0)",
    "no_message_queue_is_made": "raw('msgget', 0, 0o1600)",
    "no_semaphore_is_made": "raw('semget', 0, 1, 0o1600)",
    "no_named_queue_is_made": "raw('mq_open', b'hostile', 0o102, 0o600, 0)",
    "no_protection_key_is_made": "raw('pkey_alloc', 0, 0)",
    "no_memory_is_locked": "raw('mlock', room(), 4096)",
    "no_memory_is_bound_to_a_node": "raw('mbind', 0, 0, 0, 0, 0, 0)",
    "no_page_cache_is_spied_on": "raw('mincore', page(), 4096, room())",
    "no_page_is_remapped": "raw('remap_file_pages', 0, 0, 0, 0, 0)",
    "no_barrier_reaches_other_processes": "raw('membarrier', 0, 0, 0)",
    "no_machine_is_described": "os.uname()",
    "no_memory_of_the_machine_is_counted": "raw('sysinfo', room())",
    "no_core_is_told": "raw('getcpu', room(), 0, 0)",
    "no_disk_is_flushed": "raw('sync')",
    "no_terminal_is_hung_up": "raw('vhangup')",
    "no_limit_is_raised": "modules['resource'].setrlimit(9, (-1, -1))",
    "no_limit_of_cpu_time_is_raised": "raw('setrlimit', 0, struct.pack('qq', -1, -1))",
    "no_sleep_is_taken": "modules['time'].sleep(0.001)",
    "no_slow_randomness_is_drained": "raw_number(318 if numbers['write'] == 1 else 278, room(), 1, 2)",
}

MEMORY = {
    "no_page_is_poisoned": "raw('madvise', page(), 0, 100)",
    "no_page_is_taken_offline": "raw('madvise', page(), 0, 101)",
    "no_page_is_merged_with_anothers": "raw('madvise', page(), 4096, 12)",
    "cve_2026_31398_no_page_is_freed_lazily": "raw('madvise', page(), 4096, 8)",
    "no_page_of_files_is_dropped": "raw('madvise', page(), 4096, 21)",
    "no_page_is_filled_ahead": "raw('madvise', page(), 4096, 23)",
    "no_memory_is_mapped_to_run": "raw('mmap', 0, 4096, 7, 0x22, -1, 0)",
    "no_memory_is_mapped_to_run_only": "raw('mmap', 0, 4096, 4, 0x22, -1, 0)",
    "no_memory_is_made_to_run": "raw('mprotect', page(), 4096, 5)",
    "no_memory_is_made_to_run_by_a_key": "raw('pkey_mprotect', page(), 4096, 5, -1)",
    "no_memory_is_made_to_run_with_high_bits_set": "raw('mprotect', page(), 4096, (1 << 32) | 5)",
    "no_memory_is_mapped_below_the_lowest": "raw('mmap', 0, 4096, 3, 0x32 | 0x100000, -1, 0)",
    "no_memory_is_shared": "raw('mmap', 0, 4096, 3, 0x21, -1, 0)",
    "no_descriptor_is_mapped": "raw('mmap', 0, 4096, 3, 0x02, 3, 0)",
    "no_growing_memory_is_mapped": "raw('mmap', 0, 4096, 3, 0x122, -1, 0)",
    "no_huge_page_is_taken": "raw('mmap', 0, 1 << 21, 3, 0x40022, -1, 0)",
    "no_locked_memory_is_mapped": "raw('mmap', 0, 4096, 3, 0x2022, -1, 0)",
    "no_mapping_is_duplicated": "raw('mremap', page(), 4096, 4096, 5, 0)",
    "no_lock_with_priorities_is_taken": "raw('futex', page(), 6, 0, 0, 0, 0)",
    "no_waiter_is_requeued": "raw('futex', page(), 12, 1, 1, page(), 0)",
    "cve_2026_31554_no_waiter_is_requeued_by_the_newer_call": "raw_number(456, room(), 0, 1, 1)",
    "cve_2026_23415_no_wait_names_a_node": "raw_number(455, page(), 0, 1, 0x84, 0, 0)",
    "no_wait_for_many_is_made": "raw_number(449, room(), 1, 0, 0, 0)",
    "no_shadow_stack_is_mapped": "raw_number(453, 0, 4096, 0)",
    "no_page_cache_is_counted": "raw_number(451, 3, room(), room(), 0)",
    "no_memory_is_sealed": "raw_number(462, page(), 4096, 0)",
    "no_wake_is_shared": "raw('futex', page(), 1, 1, 0, 0, 0)",
    "no_wait_is_shared": "raw('futex', page(), 0, 1, 0, 0, 0)",
    "no_other_child_is_woken_at_a_page_of_a_library": (
        "raw('futex', ctypes.cast(libc.labs, ctypes.c_void_p).value & ~4095, 1, 1, 0, 0, 0)"
    ),
    "no_wake_of_some_is_shared": "raw('futex', page(), 10, 1, 0, 0, 1)",
    "no_robust_wait_is_made": "raw('futex', page(), 11, 0, 0, page(), 0)",
}

# uretprobe and uprobe, for the kernel's own probes: Linux from 6.14 on lets no filter refuse them on x86-64. They
# do nothing for a caller that is not such a probe: SIGILL for the one, ENXIO for the other.
PROBES = (335, 336) if platform.machine() == "x86_64" else ()

ALL_NUMBERS = """
allowed = {%s}
for high in (0, 0x40000000):
    for number in range(1024):
        if high or number not in allowed:
            try:
                got = raw_number(high + number, 0, 0, 0, 0, 0, 0)
            except OSError as error:
                if error.errno != 1:
                    reached((high + number, error.errno))
            else:
                reached((high + number, got))
refused(OSError(1, ''))
"""


@pytest.mark.parametrize("name", FEATURES)
def test_features(groups: Groups, name: str) -> None:
    groups.attack(FEATURES, name).was_refused("EPERM", "None")


@pytest.mark.parametrize("name", MEMORY)
def test_memory(groups: Groups, name: str) -> None:
    groups.attack(MEMORY, name).was_refused("EPERM")


def test_no_number_but_the_allowed_ones_is_let_through(arena: Arena) -> None:
    """2,048 numbers, those of the x32 interface among them. Arguments of 0 would harm nothing."""
    allowed = ", ".join(str(number) for number in (*arena.allowed_numbers, *PROBES))
    arena.run(ALL_NUMBERS % allowed).was_refused()
