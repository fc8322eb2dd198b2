"""A client on python3-h2: one connection to PORT, with TLS for a.test when the authority's FILE stands behind PATH; a POST to PATH in pieces with trailers behind it. Prints what came as JSON."""
import json
import socket
import ssl
import sys

import h2.config
import h2.connection
import h2.events

port, path = int(sys.argv[1]), sys.argv[2]
sock = socket.create_connection(("127.0.0.1", port), timeout=20)
if len(sys.argv) > 3:
    context = ssl.create_default_context(cafile=sys.argv[3])
    context.set_alpn_protocols(["h2"])
    sock = context.wrap_socket(sock, server_hostname="a.test")
conn = h2.connection.H2Connection(config=h2.config.H2Configuration(client_side=True, header_encoding="utf-8"))
conn.initiate_connection()
stream = conn.get_next_available_stream_id()
conn.send_headers(stream, [(":method", "POST"), (":scheme", "https" if sys.argv[3:] else "http"), (":authority", "a.test"), (":path", path), ("te", "trailers"),
                           ("content-type", "application/grpc")])
result = {"body": "", "echoes": 0}
sock.sendall(conn.data_to_send())
sent = 0
done = False
while not done:
    for event in conn.receive_data(sock.recv(65536)):
        if isinstance(event, h2.events.ResponseReceived):
            result["head"] = dict(event.headers)
            conn.send_data(stream, b"message 0;")
        elif isinstance(event, h2.events.DataReceived):
            conn.acknowledge_received_data(event.flow_controlled_length, stream)
            result["body"] += event.data.decode()
            result["echoes"] += 1
            # The next message goes when the one before has come back: both directions are open at the same time.
            sent += 1
            if sent < 5:
                conn.send_data(stream, f"message {sent};".encode())
            elif sent == 5:
                conn.send_headers(stream, [("x-check", "42")], end_stream=True)
        elif isinstance(event, h2.events.TrailersReceived):
            result["trailers"] = dict(event.headers)
        elif isinstance(event, h2.events.StreamEnded):
            done = True
        elif isinstance(event, (h2.events.StreamReset, h2.events.ConnectionTerminated)):
            result["error"] = repr(event)
            done = True
    sock.sendall(conn.data_to_send())
print(json.dumps(result))
