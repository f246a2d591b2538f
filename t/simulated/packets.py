#!/usr/bin/env python3
"""packets: tells what goes over the interfaces of its namespace: MICROSECONDS SOURCE DESTINATION WHAT

It sleeps until something comes, which tcpdump does not: that wakes every second, many times in a day.

WHAT of TCP port 179 is "SYN PORT" (the port it came from; SYNs sent again are not told), "RST", "FIN" or a
BGP message: "OPEN hold N", "UPDATE", "NOTIFICATION CODE/SUBCODE", "KEEPALIVE", "REFRESH", told when its last
byte comes by for the first time; "FULL" when the sender has no more room for what is sent to it.  Of UDP port 3784: "BFD STATE diag N mult N tx US rx US", and "poll" or
"final"; of port 3785: "ECHO out" and "ECHO in".
"""
import socket
import struct

TYPES = {1: "OPEN", 2: "UPDATE", 3: "NOTIFICATION", 4: "KEEPALIVE", 5: "REFRESH"}
OUTGOING = 4
TIMESTAMPNS = 35  # Python does not know it
STATES = ("AdminDown", "Down", "Init", "Up")


def payload(kind, packet):
    """Source, destination, protocol and what it carries; None if it is not IP"""
    if kind == 0x0800:
        head, length = (packet[0] & 15) * 4, struct.unpack_from("!H", packet, 2)[0]
        addresses, protocol, body = packet[12:20], packet[9], packet[head:length]
    elif kind == 0x86DD:
        length = struct.unpack_from("!H", packet, 4)[0]
        addresses, protocol, body = packet[8:40], packet[6], packet[40 : 40 + length]
    else:
        return None
    half = len(addresses) // 2
    family = socket.AF_INET if half == 4 else socket.AF_INET6
    source, destination = (socket.inet_ntop(family, addresses[i : i + half]) for i in (0, half))
    return source, destination, protocol, body


class Stream:
    """One direction of a connection: its bytes in order, as far as they came"""

    def __init__(self, start):
        self.next, self.waiting, self.bytes, self.full = start, {}, b"", False

    def add(self, number, data):
        self.waiting[number] = max(data, self.waiting.get(number, b""), key=len)
        for at in sorted(self.waiting, key=lambda n: (n - self.next) & 0xFFFFFFFF):
            known = (self.next - at) & 0xFFFFFFFF
            if known < 0x80000000:
                part = self.waiting.pop(at)[known:]
                self.bytes += part
                self.next = (self.next + len(part)) & 0xFFFFFFFF

    def messages(self):
        while len(self.bytes) >= 19:
            length, kind = struct.unpack_from("!HB", self.bytes, 16)
            if len(self.bytes) < length:
                break
            yield kind, self.bytes[19:length]
            self.bytes = self.bytes[length:]


def words(kind, body):
    name = TYPES.get(kind, f"TYPE {kind}")
    if kind == 1:
        return f"{name} hold {struct.unpack_from('!H', body, 3)[0]}"
    if kind == 3:
        return f"{name} {body[0]}/{body[1]}"
    return name


def tcp(ends, body, streams):
    ports = struct.unpack_from("!HH", body)
    number = struct.unpack_from("!I", body, 4)[0]
    head, flags = (body[12] >> 4) * 4, body[13]
    if 179 not in ports:
        return
    key = ends + ports
    if flags & 2:
        if flags & 16 == 0 and (key not in streams or streams[key].next != number + 1 & 0xFFFFFFFF):
            yield f"SYN {ports[0]}"
        streams[key] = Stream(number + 1 & 0xFFFFFFFF)
    stream = streams.get(key)
    if stream and not flags & 4:
        full = struct.unpack_from("!H", body, 14)[0] == 0
        if full and not stream.full:
            yield "FULL"
        stream.full = full
    if stream and len(body) > head:
        stream.add(number, body[head:])
        for kind, message in stream.messages():
            yield words(kind, message)
    if flags & 4:
        yield "RST"
    if flags & 1:
        yield "FIN"


def bfd(body, out):
    port = struct.unpack_from("!H", body, 2)[0]
    if port == 3785:
        yield "ECHO out" if out else "ECHO in"
    if port != 3784:
        return
    first, second, mult = body[8:11]
    tx, rx = struct.unpack_from("!II", body, 20)
    text = f"BFD {STATES[second >> 6]} diag {first & 31} mult {mult} tx {tx} rx {rx}"
    yield text + (" poll" if second & 32 else "") + (" final" if second & 16 else "")


def main():
    streams = {}
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))  # ETH_P_ALL
    sock.setsockopt(socket.SOL_SOCKET, TIMESTAMPNS, 1)
    print("listening", flush=True)
    while True:
        packet, [(_, _, stamp)], _, (interface, kind, way, *_) = sock.recvmsg(65536, 64)
        seconds, ns = struct.unpack("@ll", stamp)
        found = payload(kind, packet) if interface != "lo" else None
        if not found:
            continue
        source, destination, protocol, body = found
        told = tcp((source, destination), body, streams) if protocol == 6 else bfd(body, way == OUTGOING) if protocol == 17 else ()
        for what in told:
            print(seconds * 1000000 + ns // 1000, source, destination, what, flush=True)


main()
