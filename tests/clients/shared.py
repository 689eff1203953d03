"""What both Python clients share: a receiver of webhooks, and whom they sign in as."""

import os
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

BASE = os.environ.get("HELPDESK", "http://127.0.0.1:8080")
PASSWORD = "Demo-2026-portal"


class Receiver:
    """Takes messages, and reads them by `read`, from text to a generated type."""

    def __init__(self, read, type_of):
        self.messages, self.type_of = [], type_of
        got = self.messages

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                got.append(read(self.rfile.read(int(self.headers["content-length"])).decode()))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}/hook"

    def message(self, kind):
        """The first message of a type; it may be on its way."""
        for _ in range(100):
            for it in self.messages:
                if self.type_of(it) == kind:
                    return it
            time.sleep(0.1)
        raise SystemExit(f"no {kind} came")


def new_request(project_id, upload_id, name):
    """A request with its file, as JSON."""
    return {
        "project_id": project_id,
        "tracker": "bug",
        "priority": "high",
        "subject": f"No sound, {name} {time.time()}",
        "description": f"Since {time.ctime()} subscribers hear us, we do not hear them.",
        "product_name": "SMG-1016M",
        "steps": "Password: 12345",
        "attachments": [{"upload_id": upload_id}],
    }
