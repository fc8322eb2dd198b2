"""An upstream in a process of its own, to be killed: answers every request with its name, /slow after a while, and /healthz with what a file says."""
import http.server
import os
import socketserver
import sys
import time

port, name, health = int(sys.argv[1]), sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one write, so that an answer is never half sent
    disable_nagle_algorithm = True

    def do_GET(self):
        status, body = 200, name.encode()
        if self.path == "/healthz" and health and os.path.exists(health):
            status, body = 503, b"sick"
        elif self.path == "/slow":
            time.sleep(0.3)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *args):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 256


Server(("127.0.0.1", port), Handler).serve_forever()
