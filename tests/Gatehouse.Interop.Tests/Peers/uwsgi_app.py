"""A WSGI application for uWSGI: answers with its environment and its body's length and MD5."""
import hashlib
import json
import time


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/slow":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return slow()
    body = environ["wsgi.input"].read()
    seen = {name: value for name, value in environ.items() if isinstance(value, str)}
    text = json.dumps({"variables": seen, "length": len(body), "sha256": hashlib.sha256(body).hexdigest()}).encode()
    start_response("404 Nothing" if path == "/status" else "200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(text)))])
    return [text]


def slow():
    for part in range(3):
        yield b"part %d\n" % part
        time.sleep(0.3)
