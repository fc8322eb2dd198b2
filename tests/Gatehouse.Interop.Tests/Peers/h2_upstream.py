"""A server of HTTP/2 on python3-h2: by prior knowledge, or with the files of a certificate and a key, with TLS and ALPN. POST: sends back what comes, at once, and trailers as gRPC has them. GET: what it was asked."""
import json
import socket
import ssl
import sys
import threading

import h2.config
import h2.connection
import h2.events


def serve(sock):
    config = h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
    conn = h2.connection.H2Connection(config=config)
    conn.initiate_connection()
    sock.sendall(conn.data_to_send())
    heads, waiting = {}, {}

    def flush(stream):
        # What the peer's windows allow; the rest when they open.
        data, ended, trailers = waiting[stream]
        while data:
            room = min(conn.local_flow_control_window(stream), conn.max_outbound_frame_size, len(data))
            if room <= 0:
                break
            conn.send_data(stream, bytes(data[:room]))
            del data[:room]
        if ended and not data:
            conn.send_headers(stream, trailers, end_stream=True)
            del waiting[stream]

    while True:
        received = sock.recv(65536)
        if not received:
            return
        for event in conn.receive_data(received):
            if isinstance(event, h2.events.RequestReceived):
                fields = dict(event.headers)
                heads[event.stream_id] = fields
                if fields[":method"] == "GET" or fields[":method"] == "HEAD":
                    body = json.dumps(fields).encode()
                    conn.send_headers(event.stream_id, [(":status", "200"), ("content-type", "application/json"), ("content-length", str(len(body)))],
                                      end_stream=fields[":method"] == "HEAD")
                    if fields[":method"] == "GET":
                        conn.send_data(event.stream_id, body, end_stream=True)
                else:
                    conn.send_headers(event.stream_id, [(":status", "200"), ("content-type", "application/grpc"), ("x-te", fields.get("te", ""))])
                    waiting[event.stream_id] = [bytearray(), False, None]
            elif isinstance(event, h2.events.DataReceived):
                conn.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                if event.stream_id in waiting:
                    waiting[event.stream_id][0].extend(event.data)
                    flush(event.stream_id)
            elif isinstance(event, h2.events.TrailersReceived):
                heads[event.stream_id]["trailers"] = dict(event.headers)
            elif isinstance(event, h2.events.StreamEnded):
                if event.stream_id in waiting:
                    trailers = heads[event.stream_id].get("trailers", {})
                    waiting[event.stream_id][1:] = [True, [("grpc-status", "0"), ("x-seen", trailers.get("x-check", ""))]]
                    flush(event.stream_id)
            elif isinstance(event, (h2.events.WindowUpdated, h2.events.RemoteSettingsChanged)):
                for stream in list(waiting):
                    flush(stream)
            elif isinstance(event, h2.events.StreamReset):
                waiting.pop(event.stream_id, None)
            elif isinstance(event, h2.events.ConnectionTerminated):
                return
        sock.sendall(conn.data_to_send())


def run(sock):
    try:
        if context:
            sock = context.wrap_socket(sock, server_side=True)
        serve(sock)
    except OSError:
        pass
    finally:
        sock.close()


context = None
if len(sys.argv) > 2:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    context.set_alpn_protocols(["h2"])
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
while True:
    client, _ = listener.accept()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=run, args=(client,), daemon=True).start()
