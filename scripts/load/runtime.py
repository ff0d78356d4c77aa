#!/usr/bin/env python3
"""A Docker that answers as it is told: runtime.py SOCKET MODE, with MODE answer, unknown or hang.

`answer` knows every container it is asked for, `unknown` none, `hang` takes connections and says nothing. At the end
(SIGTERM) it prints how often it was asked.
"""
import json
import os
import signal
import socketserver
import sys
from http.server import BaseHTTPRequestHandler

SOCKET, MODE = sys.argv[1:]
asked = 0


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        global asked
        asked += 1
        if MODE == "hang":
            self.rfile.read()
            return
        parts = self.path.split("?")[0].strip("/").split("/")
        if parts[-1] == "json" and len(parts) >= 3 and parts[-3] == "containers" and MODE == "answer":
            identity = parts[-2]
            body = {
                "Id": identity,
                "Name": "/storm",
                "Image": "sha256:" + "0" * 64,
                "Created": "2026-01-01T00:00:00Z",
                "Config": {"Image": "storm:1", "Labels": {}, "Env": []},
                "HostConfig": {"Privileged": False},
                "NetworkSettings": {"Networks": {}},
                "Mounts": [],
            }
            self.reply(200, body)
        elif parts[-1] == "json" and len(parts) >= 2 and parts[-2] == "containers":
            self.reply(200, [])
        elif parts[-1] == "events":
            self.send_response(200)
            self.end_headers()
            self.wfile.flush()
            self.rfile.read()
        else:
            self.reply(404, {"message": "no such container"})

    def reply(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass

    def address_string(self):
        return "local"


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """A thread for each connection."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        """A client that has gone away is none."""


def end(*_):
    print(f"asked {asked}", flush=True)
    os._exit(0)


signal.signal(signal.SIGTERM, end)
if os.path.exists(SOCKET):
    os.unlink(SOCKET)
with Server(SOCKET, Handler) as server:
    server.serve_forever()
