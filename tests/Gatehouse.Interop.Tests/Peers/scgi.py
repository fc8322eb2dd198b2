"""An SCGI server: scgi.py PORT. Answers each request with its variables and its body's length and MD5, or does what its path asks for."""
import hashlib
import json
import socket
import sys
import time


def serve(connection):
    stream = connection.makefile("rb")
    size = b""
    while not size.endswith(b":"):
        digit = stream.read(1)
        if not digit:
            raise ValueError("no request")
        size += digit
    head = stream.read(int(size[:-1]))
    assert stream.read(1) == b","
    items = head.split(b"\0")
    assert items.pop() == b""
    names, values = items[::2], items[1::2]
    assert names[0] == b"CONTENT_LENGTH" and len(set(names)) == len(names), names
    variables = {name.decode("latin-1"): value.decode("latin-1") for name, value in zip(names, values)}
    assert variables["SCGI"] == "1"
    body = stream.read(int(variables["CONTENT_LENGTH"]))
    path = variables["PATH_INFO"]
    if path == "/local":
        connection.sendall(b"Location: /scgi/landed?by=redirect\n\n")
    elif path == "/status":
        connection.sendall(b"Status: 404 Nothing Here\r\nContent-Type: text/plain\r\n\r\nnothing")
    elif path == "/slow":
        connection.sendall(b"Content-Type: text/plain\n\n")
        for part in range(3):
            connection.sendall(b"part %d\n" % part)
            time.sleep(0.3)
    elif path == "/silent":
        pass
    else:
        text = json.dumps({"variables": variables, "length": len(body), "sha256": hashlib.sha256(body).hexdigest()})
        connection.sendall(b"Status: 200 OK\r\nContent-Type: application/json\r\n\r\n" + text.encode())


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
while True:
    client, _ = listener.accept()
    with client:
        try:
            serve(client)
        except (ConnectionError, ValueError) as error:
            print("refused:", error, file=sys.stderr, flush=True)
