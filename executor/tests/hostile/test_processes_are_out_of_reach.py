"""No process or thread is made, signalled, traced, watched or slowed down."""

import pytest
from hostile_arena import Arena
from hostile_groups import Groups

MAKING = {
    "no_process_is_forked": "os.fork()",
    "no_process_is_forked_by_number": "raw('clone', 17, 0, 0, 0, 0)",
    "no_process_is_cloned": "raw('clone3', room(), 64)",
    "no_process_shares_memory": "raw('clone', 0x100 | 17, 0, 0, 0, 0)",
    "no_process_is_spawned": "os.posix_spawn('/bin/true', ['true'], {})",
    "no_program_is_run_by_subprocess": "modules['subprocess'].run(['/bin/true'])",
    "no_program_replaces_the_child": "os.execv('/bin/true', ['true'])",
    "no_program_is_run_from_a_descriptor": "raw('execveat', 3, b'', 0, 0, 0x1000)",
    "no_thread_is_started": "modules['_thread'].start_new_thread(print, ())",
    "no_thread_is_started_by_libc": "call(libc.fork)",
    "no_thread_is_cloned": "raw('clone', 0x50f00, 0, 0, 0, 0)",
    "no_namespace_is_made": "raw('unshare', 0x10000000)",
    "no_namespace_is_entered": "raw('setns', 3, 0)",
    "no_session_is_made": "os.setsid()",
    "no_group_is_joined": "os.setpgid(0, 0)",
    "no_child_is_waited_for": "os.wait()",
}

SIGNALS = {
    "no_signal_reaches_the_parent": "os.kill(zygote, 9)",
    "no_signal_reaches_the_server": "os.kill(server, 15)",
    "no_signal_reaches_a_stranger": "os.kill(victim, 9)",
    "no_signal_stops_a_stranger": "os.kill(victim, 19)",
    "no_signal_reaches_everybody": "os.kill(-1, 9)",
    "no_signal_reaches_its_own_group": "os.kill(0, 9)",
    "no_signal_reaches_the_parents_group": "os.killpg(zygote, 9)",
    "no_signal_reaches_itself": "os.kill(os.getpid(), 9)",
    "no_signal_reaches_a_thread": "raw('tkill', zygote, 9)",
    "no_signal_reaches_a_thread_of_the_server": "raw('tgkill', server, server, 9)",
    "no_signal_is_queued": "raw('rt_sigqueueinfo', zygote, 9, room())",
    "no_signal_is_queued_for_a_thread": "raw('rt_tgsigqueueinfo', server, server, 9, room())",
    "no_signal_reaches_a_sibling": "os.kill(sibling, 9)",
    "no_signal_stops_a_sibling": "os.kill(sibling, 19)",
    "no_signal_reaches_a_thread_of_a_sibling": "raw('tgkill', sibling, sibling, 9)",
    "no_sibling_is_held_by_a_descriptor": "os.pidfd_open(sibling)",
    "no_thread_is_held_by_a_descriptor": "raw('pidfd_open', zygote, 0o200)",
    "no_process_is_held_by_a_descriptor": "os.pidfd_open(zygote)",
    "no_signal_goes_through_a_descriptor": "raw('pidfd_send_signal', 3, 9, 0, 0)",
    "no_descriptor_of_another_process_is_taken": "raw('pidfd_getfd', 3, 0, 0)",
    "no_signal_is_caught": "modules['signal'].signal(10, print)",
    "no_signal_is_ignored": "modules['signal'].signal(15, 1)",
    "no_signal_is_blocked": "modules['signal'].pthread_sigmask(0, [24])",
    "no_signal_is_blocked_by_a_return": "raw('rt_sigreturn')",
    "no_signal_stack_is_set": "raw('sigaltstack', room(), 0)",
    "no_alarm_is_set": "modules['signal'].setitimer(0, 0.1)",
    "no_timer_is_made": "raw('timer_create', 1, 0, room())",
    "no_signal_becomes_a_descriptor": "raw('signalfd4', -1, room(), 8, 0)",
    "no_death_of_the_parent_is_ignored": "raw('prctl', 1, 0, 0, 0, 0)",
}

OTHERS = {
    "no_process_is_traced": "raw('ptrace', 16, victim, 0, 0)",
    "no_process_is_seized": "raw('ptrace', 0x4206, zygote, 0, 0)",
    "no_tracer_is_asked_for": "raw('ptrace', 0, 0, 0, 0)",
    "no_memory_of_another_process_is_read": "raw('process_vm_readv', server, room(), 1, room(), 1, 0)",
    "no_memory_of_another_process_is_written": "raw('process_vm_writev', zygote, room(), 1, room(), 1, 0)",
    "no_memory_of_a_sibling_is_read": "raw('process_vm_readv', sibling, room(), 1, room(), 1, 0)",
    "no_memory_of_a_sibling_is_written": "raw('process_vm_writev', sibling, room(), 1, room(), 1, 0)",
    "no_sibling_is_traced": "raw('ptrace', 16, sibling, 0, 0)",
    "no_sibling_is_seized": "raw('ptrace', 0x4206, sibling, 0, 0)",
    "no_limit_of_a_sibling_is_changed": "modules['resource'].prlimit(sibling, 0, (1, 1))",
    "no_limit_of_a_sibling_is_read": "raw('prlimit64', sibling, 9, 0, room())",
    "no_sibling_is_slowed_down": "os.setpriority(0, sibling, 19)",
    "no_sibling_is_tied_to_a_core": "os.sched_setaffinity(sibling, {0})",
    "no_clock_of_a_sibling_is_read": "modules['time'].clock_gettime((~sibling << 3) | 2)",
    "no_descriptor_is_compared_with_a_siblings": "raw('kcmp', sibling, sibling, 0, 3, 3)",
    "no_memory_of_another_process_is_advised": "raw('process_madvise', 3, room(), 1, 4, 0)",
    "no_memory_of_another_process_is_released": "raw('process_mrelease', 3, 0)",
    "no_memory_of_another_process_is_moved": "raw('move_pages', victim, 0, 0, 0, 0, 0)",
    "no_memory_of_another_process_is_migrated": "raw('migrate_pages', victim, 64, room(), room())",
    "no_descriptor_is_compared_with_anothers": "raw('kcmp', zygote, server, 0, 3, 3)",
    "no_counter_of_another_process_is_read": "raw('perf_event_open', room(), zygote, -1, -1, 0)",
    "no_list_of_locks_is_asked_for": "raw('get_robust_list', zygote, room(), room())",
    "no_clock_of_another_process_is_read": "modules['time'].clock_gettime((~zygote << 3) | 2)",
    "no_clock_of_the_server_is_read": "modules['time'].clock_gettime((~server << 3) | 2)",
    "no_clock_of_a_thread_is_read": "modules['time'].clock_gettime((~victim << 3) | 6)",
    "no_process_is_found_by_its_clock": "[p for p in range(1, 99) if modules['time'].clock_gettime((~p << 3) | 2)]",
    "no_process_is_found_by_its_priority": "os.getpriority(0, zygote)",
    "no_process_is_found_by_its_group": "os.getpgid(zygote)",
    "no_process_is_found_by_its_session": "os.getsid(server)",
    "no_parent_is_told": "raw('getppid')",
    "no_priority_is_raised": "os.setpriority(0, 0, -20)",
    "no_process_is_slowed_down": "os.setpriority(0, victim, 19)",
    "no_process_is_tied_to_a_core": "os.sched_setaffinity(victim, {0})",
    "no_cores_are_counted": "os.sched_getaffinity(0)",
    "no_real_time_is_taken": "os.sched_setscheduler(0, 1, os.sched_param(1))",
    "no_scheduling_is_changed": "raw('sched_setattr', victim, room(), 0)",
    "no_input_priority_is_set": "raw('ioprio_set', 1, victim, 0)",
    "no_limit_of_another_process_is_changed": "modules['resource'].prlimit(victim, 0, (1, 1))",
    "no_limit_of_the_parent_is_read": "raw('prlimit64', zygote, 9, 0, room())",
}


@pytest.mark.parametrize("name", MAKING)
def test_making(groups: Groups, name: str) -> None:
    groups.attack(MAKING, name).was_refused("EPERM", "None")


@pytest.mark.parametrize("name", SIGNALS)
def test_signals(groups: Groups, name: str) -> None:
    groups.attack(SIGNALS, name).was_refused("EPERM")


@pytest.mark.parametrize("name", OTHERS)
def test_others(groups: Groups, name: str) -> None:
    groups.attack(OTHERS, name).was_refused("EPERM")


def test_no_process_is_found_by_fork_bombs(arena: Arena) -> None:
    arena.run("for _ in range(1000):\n    attempt(os.fork)").was_refused("EPERM")
