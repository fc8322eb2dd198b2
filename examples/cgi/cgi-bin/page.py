#!/usr/bin/env python3
"""The page in Python: what a web server tells a script, and what the client sent."""
import html
import os
import sys

length = int(os.environ.get("CONTENT_LENGTH") or 0)
body = sys.stdin.read(length)
print("Content-Type: text/html; charset=utf-8")
print()
print("<!doctype html>")
print("<title>Welcome to the machine</title>")
print("<h1>Welcome to the machine</h1>")
print("<dl>")
for name in ("REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "REMOTE_ADDR"):
    print(f"<dt>{name}<dd>{html.escape(os.environ.get(name, ''), quote=False)}")
print("</dl>")
print(f"<pre>{html.escape(body, quote=False)}</pre>")
