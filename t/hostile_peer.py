#!/usr/bin/env python3
"""hostile_peer: a BGP neighbour that does not behave, for t/1d-hostile-peer.t

    hostile_peer MODE OWN-ADDRESS ROUTER-ADDRESS ASN SECONDS

Listens on OWN-ADDRESS:179 (those of DIALLING dial), says "ready" and does the same to each
connection until the time is over; then prints how many there were, and the bytes sent and received.
"""
import random
import select
import socket
import struct
import sys
import time

MARKER = b"\xff" * 16


def message(kind, body=b""):
    return MARKER + struct.pack("!HB", 19 + len(body), kind) + body


def open_message(asn, options=b"", extended=False):
    head = struct.pack("!BHH4s", 4, asn, 90, socket.inet_aton("198.51.100.66"))
    if extended:
        return message(1, head + b"\xff\xff" + struct.pack("!H", len(options)) + options)
    return message(1, head + bytes([len(options)]) + options)


KEEPALIVE = message(4)
# ORIGIN IGP, AS_PATH of one, NEXT_HOP: of an external peer with a two-octet AS
ATTRIBUTES = b"\x40\x01\x01\x00" b"\x40\x02\x04\x02\x01%s" b"\x40\x03\x04\xc0\x00\x02\x42"


def update(asn, i):
    attributes = ATTRIBUTES % struct.pack("!H", asn)
    nlri = b"\x20" + struct.pack("!I", 0x0A000000 + i)
    return message(2, struct.pack("!HH", 0, len(attributes)) + attributes + nlri)


def garbage(_):
    yield random.Random(1).randbytes(4096)


def half(asn):
    yield open_message(asn)
    yield KEEPALIVE[:10]


def slow(asn):
    for byte in open_message(asn) + KEEPALIVE * 100:
        yield bytes([byte])
        yield 1.0


def updates(asn):
    yield open_message(asn)
    yield KEEPALIVE
    for start in range(0, 100000, 500):
        yield b"".join(update(asn, i) for i in range(start, start + 500))
    while True:
        yield 5.0
        yield KEEPALIVE


def capabilities(asn):
    """As many as an OPEN holds, none of them known; by RFC 9072"""
    one = b"\xf0\x00" * 2000
    yield open_message(asn, b"\x02" + struct.pack("!H", len(one)) + one, extended=True)
    yield KEEPALIVE
    while True:
        yield 5.0
        yield KEEPALIVE


def nothing(_):
    yield 1e9


def flood(_):
    """Dials without end, and says nothing on any of them"""
    yield 1e9


def flap(asn):
    """Dials, comes up and goes, again and again"""
    yield open_message(asn)
    yield KEEPALIVE
    yield 0.02
    yield None


MODES = {f.__name__: f for f in (garbage, half, slow, updates, capabilities, nothing, flood, flap)}
MODES["stranger"] = flood
DIALLING = ("flood", "stranger", "flap")


class Connection:
    def __init__(self, sock, steps):
        self.sock, self.steps = sock, steps
        self.pending, self.rest_until, self.sent = b"", 0.0, 0
        sock.setblocking(False)

    def step(self):
        """Sends what is next; returns False when the other side has closed."""
        try:
            while time.monotonic() >= self.rest_until:
                if not self.pending:
                    what = next(self.steps, 1e9)
                    if what is None:
                        return False
                    if isinstance(what, float):
                        self.rest_until = time.monotonic() + what
                        break
                    self.pending = what
                n = self.sock.send(self.pending)
                self.sent += n
                self.pending = self.pending[n:]
        except BlockingIOError:
            pass
        except OSError:
            return False
        return True

    def read(self):
        try:
            return len(self.sock.recv(65536))
        except BlockingIOError:
            return -1
        except OSError:
            return 0


def main():
    mode, own, router, asn, seconds = sys.argv[1:]
    until = time.monotonic() + float(seconds)
    dials = mode in DIALLING
    most = 1 if mode == "flap" else 200
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if not dials:
        listening.bind((own, 179))
        listening.listen(64)
        listening.setblocking(False)
    connections, count, sent, received = [], 0, 0, 0
    print("ready", flush=True)
    while time.monotonic() < until:
        if dials and len(connections) < most:
            sock = socket.socket()
            sock.bind((own, 0))
            sock.settimeout(1)
            try:
                sock.connect((router, 179))
                connections.append(Connection(sock, MODES[mode](int(asn))))
                count += 1
            except OSError:
                sock.close()
                time.sleep(0.05)
        elif not dials:
            try:
                sock, _ = listening.accept()
                connections.append(Connection(sock, MODES[mode](int(asn))))
                count += 1
            except BlockingIOError:
                pass
        readable, _, _ = select.select([c.sock for c in connections], [], [], 0.002)
        for c in list(connections):
            n = c.read() if c.sock in readable else -1
            received += max(n, 0)
            if n == 0 or not c.step():
                sent += c.sent
                c.sock.close()
                connections.remove(c)
    sent += sum(c.sent for c in connections)
    print(f"{mode}: {count} connections, {sent} bytes sent, {received} received", flush=True)


main()
