"""A DNSCrypt client that shares nothing with the server under test: PyNaCl for XSalsa20, libsodium through ctypes for XChaCha20.

dnscrypt_client.py udp|tcp PORT PROVIDER PUBLIC_KEY_HEX CONSTRUCTION NAME  ->  the addresses, a line each
"""
import ctypes
import os
import socket
import struct
import sys
import time

import nacl.bindings
import nacl.signing

transport, port, provider, provider_key, construction, name = sys.argv[1:]
port, construction = int(port), int(construction)


def exchange(packet):
    if transport == "udp":
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.settimeout(20)
            s.sendto(packet, ("127.0.0.1", port))
            return s.recv(4096)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as s:
        s.sendall(struct.pack(">H", len(packet)) + packet)
        data = b""
        while len(data) < 2 or len(data) < 2 + struct.unpack(">H", data[:2])[0]:
            part = s.recv(4096)
            if not part:
                raise SystemExit("the server closed the connection")
            data += part
        return data[2:]


def query(qname, qtype):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in qname.rstrip(".").split(".")) + b"\0"
    return b"\x12\x34\x01\0\0\1\0\0\0\0\0\0" + labels + struct.pack(">HH", qtype, 1)


def records(message, qtype):
    at = 12
    while message[at]:
        at += message[at] + 1
    at += 5
    for _ in range(struct.unpack(">H", message[6:8])[0]):
        at += 2  # a pointer to the question's name, from these servers
        kind, _, _, length = struct.unpack(">HHIH", message[at:at + 10])
        if kind == qtype:
            yield message[at + 10:at + 10 + length]
        at += 10 + length


certificate = None
for data in records(exchange(query(provider, 16)), 16):
    text = data[1:1 + data[0]]
    assert text[:4] == b"DNSC" and len(data) == 125, text
    nacl.signing.VerifyKey(bytes.fromhex(provider_key)).verify(text[72:], text[8:72])
    serial, start, end = struct.unpack(">III", text[112:124])
    assert start <= time.time() <= end, (start, end)
    if struct.unpack(">H", text[4:6])[0] == construction and (certificate is None or serial > certificate[2]):
        certificate = (text[72:104], text[104:112], serial)
if certificate is None:
    raise SystemExit("no certificate of construction %d" % construction)
server_key, magic, _ = certificate

public, secret = nacl.bindings.crypto_box_keypair()
half = os.urandom(12)
message = query(name, 1)
padded = message + b"\x80" + bytes(-(len(message) + 1) % 64)
padded += bytes(max(0, 256 - len(padded)))

if construction == 1:
    shared = nacl.bindings.crypto_box_beforenm(server_key, secret)
    box = nacl.bindings.crypto_box_afternm(padded, half + bytes(12), shared)
else:
    sodium = ctypes.CDLL("libsodium.so.23")
    sodium.sodium_init()
    shared = ctypes.create_string_buffer(32)
    assert sodium.crypto_box_curve25519xchacha20poly1305_beforenm(shared, server_key, secret) == 0
    out = ctypes.create_string_buffer(len(padded) + 16)
    sodium.crypto_box_curve25519xchacha20poly1305_easy_afternm(out, padded, ctypes.c_ulonglong(len(padded)), half + bytes(12), shared.raw)
    box = out.raw

packet = magic + public + half + box
answer = exchange(packet)
assert answer[:8] == b"r6fnvWj8" and answer[8:20] == half, answer[:20]
assert transport == "tcp" or len(answer) <= len(packet), "an answer over UDP is longer than its query"
nonce, box = answer[8:32], answer[32:]
if construction == 1:
    plain = nacl.bindings.crypto_box_open_afternm(box, nonce, shared)
else:
    out = ctypes.create_string_buffer(len(box) - 16)
    if sodium.crypto_box_curve25519xchacha20poly1305_open_easy_afternm(out, box, ctypes.c_ulonglong(len(box)), nonce, shared.raw) != 0:
        raise SystemExit("the box does not open")
    plain = out.raw
plain = plain.rstrip(b"\0")
assert plain[-1] == 0x80
for data in records(plain[:-1], 1):
    print(".".join(str(part) for part in data))
