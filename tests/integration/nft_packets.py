"""A network of its own to try rules in: packets are put in and looked for behind them."""
import pathlib
import re
import select
import socket
import struct
import time

from comparison import output

OUTSIDE = ("eth0", "eth1", "wire0")  # interfaces of the host; what is sent to far-NAME comes in by NAME
HOST = {4: "192.0.2.1", 6: "2001:db8::1"}
OWN = {4: "127.0.0.1", 6: "::1"}
STRANGER = {4: "203.0.113.99", 6: "2001:db8:ffff::99"}
BEYOND = {4: "198.51.100.9", 6: "2001:db8:beef::9"}
STRANGE_PROTOCOL = 253  # for experiments; no rule names it
TCP = 6
IPV6_HDRINCL, SO_RCVBUFFORCE = 36, 33  # of Linux, not named by Python


def set_up():
    """Loopback and three pairs of interfaces in this network name space; addresses of anybody are let in."""
    output("ip", "link", "set", "lo", "up")
    for name in OUTSIDE:
        output("ip", "link", "add", name, "address", "02:00:00:00:00:01", "type", "veth", "peer", "name", f"far-{name}")
        for end in (name, f"far-{name}"):
            output("ip", "link", "set", end, "arp", "off", "up")
    for kind in ("all", "default", "lo", *OUTSIDE):
        for key, value in {"ipv4/conf/{}/rp_filter": 0, "ipv4/conf/{}/route_localnet": 1,
                           "ipv4/conf/{}/accept_local": 1, "ipv4/conf/{}/forwarding": 1, "ipv6/conf/{}/forwarding": 1,
                           "ipv6/conf/{}/accept_dad": 0}.items():
            pathlib.Path("/proc/sys/net", key.format(kind)).write_text(f"{value}\n")
    for version, prefix in ((4, 32), (6, 128)):
        output("ip", f"-{version}", "address", "add", f"{HOST[version]}/{prefix}", "dev", "lo")
        output("ip", f"-{version}", "route", "add", BEYOND[version], "dev", "eth1")
        output("ip", f"-{version}", "neighbour", "add", BEYOND[version], "lladdr", "02:00:00:00:00:99", "dev", "eth1")


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def packet(version, protocol, source, destination, ports, mark):
    """One of IP: a TCP packet that opens a connection, or another protocol's; `mark` is what it is found by."""
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    ends = socket.inet_pton(family, source) + socket.inet_pton(family, destination)
    body = mark
    if protocol == TCP:
        body = struct.pack("!HHIIBBHHH", *ports, 7, 0, 5 << 4, 2, 64240, 0, 0) + mark
        summed = checksum(ends + struct.pack("!II", len(body), protocol) + body)
        body = body[:16] + struct.pack("!H", summed) + body[18:]
    if version == 6:
        return struct.pack("!IHBB", 6 << 28, len(body), protocol, 64) + ends + body
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), 0, 0, 64, protocol, 0) + ends
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + body


def is_report(frame):
    """Whether it is one of ICMP, which quotes the packet that was rejected."""
    return frame[14 + 9] == 1 if frame[12:14] == b"\x08\x00" else frame[14 + 6] == 58


class Network:
    """`send` packets, then `arrived` says which of them got through; both know a packet by its key."""

    def __init__(self):
        self.frames = {name: self.tap(name) for name in ("lo", *[f"far-{name}" for name in OUTSIDE])}
        # What these receive has come through all hooks of input.
        self.inputs = [socket.socket(family, socket.SOCK_RAW, protocol) for family in (socket.AF_INET, socket.AF_INET6)
                       for protocol in (TCP, STRANGE_PROTOCOL)]
        self.outputs = {4: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW),
                        6: socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)}
        self.outputs[6].setsockopt(socket.IPPROTO_IPV6, IPV6_HDRINCL, 1)
        for each in (*self.frames.values(), *self.inputs):
            each.setblocking(False)
            each.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
        self.keys = []

    @staticmethod
    def tap(name):
        made = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))  # every protocol
        made.bind((name, 0))
        return made

    def mark(self, key):
        self.keys.append(key)
        return b"plimsoll%08d" % (len(self.keys) - 1)

    def come_in(self, key, version, interface, source, destination, port=None):
        """Puts a packet in where the interface receives it; with a port it is TCP, without the strange protocol."""
        data = packet(version, STRANGE_PROTOCOL if port is None else TCP, source, destination,
                      (50000 + len(self.keys) % 10000, port), self.mark(key))
        kind = b"\x08\x00" if version == 4 else b"\x86\xdd"
        ends = b"\0" * 12 if interface == "lo" else b"\x02\0\0\0\0\x01\x02\0\0\0\0\x77"
        self.frames["lo" if interface == "lo" else f"far-{interface}"].send(ends + kind + data)

    def go_out(self, key, version, source, destination, port=None):
        data = packet(version, STRANGE_PROTOCOL if port is None else TCP, source, destination,
                      (50000 + len(self.keys) % 10000, port), self.mark(key))
        try:
            self.outputs[version].sendto(data, (destination, 0))
        except PermissionError:
            pass  # dropped

    def arrived(self, quiet):
        """(keys of packets that a socket of the host received, keys of those that were seen on a wire), once nothing
        came for `quiet` seconds"""
        received, seen = set(), set()
        sockets = [*self.inputs, *self.frames.values()]
        deadline = time.monotonic() + 5
        while (ready := select.select(sockets, [], [], quiet)[0]) and time.monotonic() < deadline:
            for each in ready:
                data, sender = each.recvfrom(4096)
                found = re.search(rb"plimsoll(\d{8})$", data)
                if not found or (each not in self.inputs and is_report(data)):
                    continue
                key = self.keys[int(found.group(1))]
                if each in self.inputs:
                    received.add(key)
                elif sender[0] == "lo" or sender[2] != socket.PACKET_OUTGOING:
                    seen.add(key)
        self.keys = []
        return received, seen
