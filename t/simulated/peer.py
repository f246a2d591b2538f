#!/usr/bin/env python3
"""peer: a BGP neighbour that does what it is told, step by step

    peer ADDRESS ASN STEP...

Listens on ADDRESS:179 and goes through the steps on each connection, while it reads and forgets what it is
sent.  A STEP:

    open=HOLD       sends an OPEN with this hold time
    keepalive       sends a KEEPALIVE; N*keepalive/S: N times, and S seconds before each
    wait=SECONDS
    deaf            from now on it reads nothing, and has little room for what comes
"""
import select
import socket
import struct
import sys
import time


def message(kind, body=b""):
    return b"\xff" * 16 + struct.pack("!HB", 19 + len(body), kind) + body


class Closed(Exception):
    pass


class Connection:
    def __init__(self, sock, asn):
        self.sock, self.asn, self.deaf = sock, asn, False

    def wait(self, seconds):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self.deaf:
                time.sleep(left)
            elif select.select([self.sock], [], [], left)[0] and not self.sock.recv(65536):
                raise Closed

    def step(self, step):
        if "*" in step:
            count, what = step.split("*")
            what, seconds = what.split("/")
            for _ in range(int(count)):
                self.wait(float(seconds))
                self.step(what)
        elif step.startswith("open="):
            body = struct.pack("!BHH4sB", 4, self.asn, int(step[5:]), socket.inet_aton("198.51.100.66"), 0)
            self.sock.sendall(message(1, body))
        elif step == "keepalive":
            self.sock.sendall(message(4))
        elif step.startswith("wait="):
            self.wait(float(step[5:]))
        elif step == "deaf":
            self.deaf = True
        else:
            raise SystemExit(f"no step {step}")


def main():
    address, asn, *steps = sys.argv[1:]
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if "deaf" in steps:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    listening.bind((address, 179))
    listening.listen(8)
    print("ready", flush=True)
    while True:
        sock, _ = listening.accept()
        connection = Connection(sock, int(asn))
        print("connected", flush=True)
        try:
            for step in steps:
                connection.step(step)
            connection.wait(1e6)
        except (Closed, OSError):
            pass
        print("closed", flush=True)
        sock.close()


main()
