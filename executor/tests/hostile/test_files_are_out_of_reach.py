"""No file is read, written, made, moved or looked at."""

import pytest
from hostile_arena import Arena
from hostile_groups import Groups

READING = {
    "no_file_is_read_by_open": "os.read(os.open(secret_file, 0), 99)",
    "no_file_is_read_by_the_builtin_open": "builtins.open(secret_file).read()",
    "no_file_is_read_by_a_raw_openat": "raw('openat', -100, secret_file.encode(), 0, 0)",
    "no_file_is_read_by_openat2": "raw('openat2', -100, secret_file.encode(), room(24), 24)",
    "no_file_is_read_through_libc": "call(libc.open, secret_file.encode(), 0)",
    "no_file_is_read_by_its_handle": "raw('name_to_handle_at', -100, secret_file.encode(), room(), room(), 0)",
    "no_file_is_opened_by_a_handle": "raw('open_by_handle_at', 3, room(), 0)",
    "no_library_is_loaded": "ctypes.CDLL('libsqlite3.so.0')",
    "no_module_is_loaded_from_disk": "builtins.__import__('xml.sax')",
    "no_directory_is_listed": "os.listdir(directory)",
    "no_directory_is_walked": "os.scandir('/')",
    "no_directory_is_listed_through_the_own_socket": "raw('getdents64', 3, room(), 4096)",
    "no_file_is_looked_at": "os.stat(secret_file)",
    "no_file_is_looked_at_by_statx": "raw('statx', -100, secret_file.encode(), 0, 0xfff, room())",
    "no_file_is_looked_at_relative_to_the_own_socket": "raw('newfstatat', 3, b'', room(), 0x1000)",
    "no_link_is_read": "os.readlink('/proc/self/exe')",
    "no_working_directory_is_told": "raw('getcwd', room(), 4096)",
    "no_file_system_is_measured": "raw('statfs', b'/', room())",
    "no_environment_of_the_server_is_read": "os.read(os.open(f'/proc/{server}/environ', 0), 9999)",
    "no_memory_of_the_server_is_read": "os.open(f'/proc/{server}/mem', 0)",
    "no_memory_of_the_zygote_is_read": "os.open(f'/proc/{zygote}/mem', 0)",
    "no_memory_of_a_sibling_is_read_as_a_file": "os.open(f'/proc/{sibling}/mem', 0)",
    "no_own_memory_is_read_as_a_file": "os.open('/proc/self/mem', 0)",
    "no_own_memory_is_written_as_a_file": "os.open('/proc/self/mem', os.O_RDWR)",
    "no_memory_of_its_thread_is_written_as_a_file": "os.open('/proc/thread-self/mem', os.O_RDWR)",
    "no_own_descriptor_is_opened_anew": "os.open('/proc/self/fd/3', 0)",
    "no_root_of_the_server_is_entered": "os.listdir(f'/proc/{server}/root')",
    "no_shared_memory_is_listed": "os.listdir('/dev/shm')",
    "no_limit_of_a_group_is_read": "os.listdir('/sys/fs/cgroup')",
    "no_own_memory_map_is_read": "os.open('/proc/self/maps', 0)",
    "no_memory_of_the_machine_is_read": "os.open('/dev/mem', 0)",
    "no_change_of_a_file_is_watched": "raw('inotify_init1', 0)",
    "no_change_of_all_files_is_watched": "raw('fanotify_init', 0, 0)",
    "no_file_comes_out_of_pandas": "modules['pandas'].read_csv(secret_file)",
    "no_file_comes_out_of_numpy": "modules['numpy'].fromfile(secret_file, 'u1').tobytes()",
    "no_file_is_mapped_by_numpy": "modules['numpy'].memmap(secret_file, 'u1', 'r')",
}

WRITING = {
    "no_file_is_made": "os.open(directory + '/made', os.O_CREAT | os.O_WRONLY, 0o600)",
    "no_file_is_written": "os.open(secret_file, os.O_WRONLY | os.O_TRUNC)",
    "no_file_is_cut": "raw('truncate', secret_file.encode(), 0)",
    "no_file_is_removed": "os.unlink(secret_file)",
    "no_file_is_moved": "os.rename(secret_file, directory + '/moved')",
    "no_file_is_swapped_by_renameat2": (
        "raw('renameat2', -100, secret_file.encode(), -100, unix_path.encode(), 2)"
    ),
    "no_directory_is_made": "os.mkdir(directory + '/made')",
    "no_link_is_made": "os.symlink('/etc/passwd', directory + '/link')",
    "no_hard_link_is_made": "os.link(secret_file, directory + '/link')",
    "no_device_is_made": "raw('mknodat', -100, (directory + '/null').encode(), 0o20666, 0x103)",
    "no_pipe_is_made_in_a_directory": "os.mkfifo(directory + '/pipe')",
    "no_permission_is_changed": "os.chmod(secret_file, 0o777)",
    "no_owner_is_changed": "raw('fchownat', -100, secret_file.encode(), 1, 1, 0)",
    "no_time_is_changed": "raw('utimensat', -100, secret_file.encode(), 0, 0)",
    "no_attribute_is_set": "raw('setxattr', secret_file.encode(), b'user.a', b'b', 1, 0)",
    "no_directory_is_changed_to": "os.chdir('/')",
    "no_root_is_changed": "raw('chroot', directory.encode())",
    "no_root_is_swapped": "raw('pivot_root', b'/', b'/')",
    "no_file_system_is_mounted": "raw('mount', b'none', directory.encode(), b'tmpfs', 0, 0)",
    "no_file_system_is_opened": "raw('fsopen', b'tmpfs', 0)",
    "no_file_system_is_unmounted": "raw('umount2', directory.encode(), 0)",
    "no_core_is_dumped": "raw('acct', directory.encode())",
    "no_swap_is_switched_off": "raw('swapoff', b'/nothing')",
    "no_quota_is_read": "raw('quotactl', 0x80000700, b'/', 0, room())",
    "no_temporary_file_is_made": "os.open(directory, 0o20200000 | os.O_RDWR)",
    "no_frame_is_written": "data.to_csv(directory + '/made')",
    "no_frame_is_pickled": "data.to_pickle(directory + '/made')",
    "no_array_is_written": "data['close'].to_numpy().tofile(directory + '/made')",
    "no_array_is_saved": "modules['numpy'].save(directory + '/made', data['close'].to_numpy())",
    "nothing_is_written_to_the_servers_log": "os.write(2, b'hello from a strategy')",
    "nothing_is_printed_by_the_server": "os.write(1, b'{}')",
    "nothing_is_written_past_the_frames": "os.write(3, b'hello from a strategy')",
    "nothing_is_read_past_the_frames": "os.read(3, 1)",
    "nothing_is_copied_between_files": "raw('copy_file_range', 3, 0, 3, 0, 1, 0)",
    "nothing_is_sent_from_a_file": "raw('sendfile', 3, 3, 0, 1)",
}


@pytest.mark.parametrize("name", READING)
def test_reading(groups: Groups, name: str) -> None:
    groups.attack(READING, name).was_refused("EPERM", "None")


@pytest.mark.parametrize("name", WRITING)
def test_writing(groups: Groups, name: str) -> None:
    groups.attack(WRITING, name).was_refused("EPERM", "None")


def test_no_secret_of_the_server_is_in_memory(arena: Arena) -> None:
    """The zygote's arguments and first environment stay on the stack; the executor's own must never have been there."""
    body = "start = ctypes.c_void_p.in_dll(ctypes.CDLL(None), '__libc_stack_end').value\n"
    body += "place = ctypes.c_void_p.from_address(start + 8).value\ntold = []\n"
    body += "while b'TZ=UTC' not in told:\n    told.append(ctypes.string_at(place))\n    place += len(told[-1]) + 1\n"
    body += "print(told)\nattempt(lambda: os.open(secret_file, 0))\n"
    outcome = arena.run(body)
    outcome.was_refused()
    if not arena.language_layer:
        assert "PYTHONHASHSEED" in outcome.lines[0], "the look did not find even what is known to be there"
        assert "HOSTILE" not in outcome.lines[0]
        assert "TOKEN" not in outcome.lines[0]
