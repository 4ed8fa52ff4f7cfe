"""The suite's own control: with every layer off, its programs reach what they attack, and its tests are red.

Only attacks whose success harms nothing but the temporary directory, the loopback listeners and the sleeping process
of the tests; as an ordinary user. What is not here may still be refused by nature (a descriptor that is none).
"""

import os
from collections.abc import Iterator, Mapping

import pytest
from hostile_arena import Arena
from hostile_escapes import INSIDE
from hostile_groups import Groups
from running_executor import ordinary_user
from test_files_are_out_of_reach import READING, WRITING
from test_kernel_doors_are_shut import FEATURES, MEMORY
from test_network_is_out_of_reach import SOCKETS
from test_processes_are_out_of_reach import OTHERS, SIGNALS
from test_python_is_not_the_boundary import ESCAPES, placed


def chosen(attacks: Mapping[str, str], names: str) -> dict[str, str]:
    """Those of `attacks` that are named."""
    return {name: attacks[name] for name in names.split()}


REACHING = {
    **chosen(
        READING,
        """no_file_is_read_by_open no_file_is_read_by_the_builtin_open no_file_is_read_by_a_raw_openat
        no_file_is_read_through_libc no_module_is_loaded_from_disk no_directory_is_listed no_directory_is_walked
        no_file_is_looked_at no_link_is_read no_working_directory_is_told no_environment_of_the_server_is_read
        no_own_memory_map_is_read no_file_comes_out_of_pandas no_file_comes_out_of_numpy""",
    ),
    **chosen(
        SOCKETS,
        """no_tcp_port_is_opened no_unix_socket_is_reached no_abstract_socket_is_reached no_netlink_is_asked
        no_pair_of_sockets_is_made no_socket_is_made_by_number no_pipe_is_made no_event_descriptor_is_made
        no_polling_descriptor_is_made no_tcp_connection_is_made no_datagram_is_sent""",
    ),
    **chosen(
        WRITING,
        """no_file_is_made no_file_is_written no_file_is_cut no_file_is_removed no_file_is_moved
        no_directory_is_made no_link_is_made no_pipe_is_made_in_a_directory no_time_is_changed
        no_temporary_file_is_made no_frame_is_written""",
    ),
    **chosen(
        SIGNALS,
        "no_signal_is_caught no_signal_is_blocked no_signal_stops_a_stranger no_signal_reaches_a_stranger",
    ),
    **chosen(
        OTHERS,
        """no_clock_of_another_process_is_read no_process_is_found_by_its_priority no_process_is_found_by_its_group
        no_process_is_found_by_its_session no_parent_is_told no_cores_are_counted no_limit_of_the_parent_is_read
        no_process_is_slowed_down""",
    ),
    **chosen(
        FEATURES,
        """no_memory_file_is_made no_dump_is_made_possible no_user_is_told no_machine_is_described
        no_memory_of_the_machine_is_counted no_core_is_told no_sleep_is_taken""",
    ),
    **chosen(
        MEMORY,
        """no_memory_is_mapped_to_run no_memory_is_made_to_run no_memory_is_shared no_growing_memory_is_mapped
        no_lock_with_priorities_is_taken""",
    ),
}
GETTING_INSIDE = chosen(
    ESCAPES,
    """no_class_is_walked_to_its_subclasses no_globals_of_a_function_are_read no_globals_of_a_library_are_read
    no_code_of_a_function_is_set no_closure_is_read no_attribute_is_read_by_getattr no_attribute_is_read_by_a_pattern
    cve_2023_37271_no_frame_of_a_generator no_frame_of_a_trace cve_2023_41039_no_attribute_by_format
    cve_2024_47532_no_object_of_an_error cve_2026_55830_no_guard_is_shadowed no_library_is_changed""",
)


@pytest.fixture(scope="module")
def open_groups() -> Iterator[Groups]:
    """A server that protects nothing."""
    through = ordinary_user() if os.geteuid() == 0 else ()
    arena = Arena("--unsafe-no-sandbox", through=through)
    yield Groups(arena)
    arena.close()


@pytest.mark.parametrize("name", REACHING)
def test_an_attack_is_seen_to_reach_where_nothing_stops_it(open_groups: Groups, name: str) -> None:
    with pytest.raises(AssertionError, match=r"REACHED|the directory changed|something came|the victim"):
        open_groups.attack(REACHING, name)


@pytest.mark.parametrize("name", GETTING_INSIDE)
def test_an_escape_is_seen_to_get_inside_where_nothing_stops_it(open_groups: Groups, name: str) -> None:
    outcome = open_groups.program(GETTING_INSIDE, name, make=lambda body: placed(open_groups.arena, body))
    assert [line for line in outcome.lines if INSIDE in line], outcome.answer.error


def test_a_server_without_sandbox_says_so_aloud(open_groups: Groups) -> None:
    executor = open_groups.arena.executor
    metadata = executor.health().metadata
    assert (metadata["sandbox"], metadata["language_layer"]) == ("off (unsafe)", "off (unsafe)")
    assert "seccomp" not in metadata["sandbox_layers"]
    shouted = {event["event"]: event["level"] for event in executor.events}
    assert shouted["sandbox_not_complete"] == shouted["language_layer_off"] == "warning"
