"""No socket of any kind is made, and the child's own one carries nothing but its frames."""

import pytest
from hostile_arena import Arena
from hostile_groups import Groups

SOCKETS = {
    "no_tcp_connection_is_made": "modules['socket'].create_connection(('127.0.0.1', tcp_port))",
    "no_tcp_port_is_opened": "modules['socket'].create_server(('127.0.0.1', 0))",
    "no_tcp_socket_is_made_for_ip_6": "socket.socket(socket.AF_INET6, socket.SOCK_STREAM)",
    "no_datagram_is_sent": (
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', udp_port))"
    ),
    "no_raw_packet_is_sent": "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
    "no_packet_is_captured": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0x300)",
    "no_unix_socket_is_reached": "socket.socket(socket.AF_UNIX).connect(unix_path)",
    "no_abstract_socket_is_reached": "socket.socket(socket.AF_UNIX).connect('\\0' + abstract_name)",
    "no_netlink_is_asked": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)",
    "no_change_of_devices_is_heard": "socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, 15)",
    "no_packet_filter_is_changed": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)",
    "no_datagram_leaves_a_virtual_machine": "socket.socket(socket.AF_VSOCK, socket.SOCK_DGRAM)",
    "no_unix_datagram_is_sent": "socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'x', unix_path)",
    "no_host_is_reached_from_a_virtual_machine": "socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)",
    "no_crypto_of_the_kernel_is_used": "socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)",
    "no_pair_of_sockets_is_made": "socket.socketpair()",
    "no_name_is_looked_up": "socket.getaddrinfo('example.com', 80)",
    "no_interface_is_listed": "socket.if_nameindex()",
    "no_socket_is_made_by_number": "raw('socket', 2, 1, 0)",
    "no_pipe_is_made": "os.pipe()",
    "no_event_descriptor_is_made": "raw('eventfd2', 0, 0)",
    "no_polling_descriptor_is_made": "raw('epoll_create1', 0)",
    "no_timer_descriptor_is_made": "raw('timerfd_create', 1, 0)",
    "no_url_is_fetched": "modules['pandas'].read_csv(f'http://127.0.0.1:{tcp_port}/')",
}

OWN_SOCKET = {
    "no_descriptor_is_passed": "own_socket().sendmsg([b'x'], [(1, 1, struct.pack('i', 3))])",
    "no_descriptor_is_received": "own_socket().recvmsg(1, 99)",
    "no_many_messages_are_sent": "raw('sendmmsg', 3, room(), 1, 0)",
    "no_byte_goes_out_of_band": "own_socket().send(b'x', socket.MSG_OOB)",
    "no_byte_is_read_out_of_band": "own_socket().recv(1, socket.MSG_OOB)",
    "no_byte_is_peeked_at": "own_socket().recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)",
    "no_error_queue_is_read": "own_socket().recv(1, 0x2000)",
    "no_page_is_lent_to_the_kernel": "own_socket().send(b'x', 0x4000000)",
    "no_address_is_sent_to": "raw('sendto', 3, b'x', 1, 0, b'\\1\\0' + unix_path.encode() + b'\\0', 50)",
    "no_address_is_asked_for": "raw('recvfrom', 3, room(), 1, 0x40, room(), room())",
    "no_other_descriptor_is_sent_to": "raw('sendto', 0, b'x', 1, 0, 0, 0)",
    "no_descriptor_of_33_bits_is_taken_for_another": "raw('sendto', 4, b'x', 1, 0, 0, 0)",
    "no_new_peer_is_connected_to": "own_socket().connect(unix_path)",
    "no_name_is_given": "own_socket().bind(directory + '/mine')",
    "no_connection_is_listened_for": "own_socket().listen()",
    "no_connection_is_accepted": "raw('accept4', 3, 0, 0, 0)",
    "no_peer_is_asked_for": "own_socket().getsockopt(1, 17, 12)",
    "no_name_of_the_peer_is_told": "own_socket().getpeername()",
    "no_option_is_set": "own_socket().setsockopt(1, 7, 1 << 20)",
    "no_control_is_sent": "raw('ioctl', 3, 0x5421, room())",
    "no_flag_is_set": "raw('fcntl', 3, 4, 0)",
    "no_owner_of_signals_is_set": "raw('fcntl', 3, 8, victim)",
    "no_copy_is_made": "os.dup(3)",
    "no_half_is_closed": "own_socket().shutdown(2)",
    "no_end_is_closed": "os.close(3)",
    "no_wait_is_made": "raw('ppoll', room(), 1, 0, 0, 8)",
    "no_page_is_spliced": "raw('vmsplice', 3, room(), 1, 0)",
    "no_bytes_are_spliced": "raw('splice', 3, 0, 3, 0, 1, 0)",
}


@pytest.mark.parametrize("name", SOCKETS)
def test_sockets(groups: Groups, name: str) -> None:
    groups.attack(SOCKETS, name).was_refused("EPERM", "None")


@pytest.mark.parametrize("name", OWN_SOCKET)
def test_own_socket(groups: Groups, name: str) -> None:
    groups.attack(OWN_SOCKET, name).was_refused("EPERM")


def test_no_socket_of_any_family_is_made(arena: Arena) -> None:
    """All that kernels have had until now, with every kind of socket."""
    body = "for family in range(64):\n    for kind in (1, 2, 3, 4, 5, 6, 10):\n"
    body += "        attempt(lambda: raw('socket', family, kind, 0))"
    arena.run(body).was_refused("EPERM")
