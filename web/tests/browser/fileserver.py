"""A small server for the viewer's tests: the studio's page and assets, traces from fixtures, and
the studio's headers. What the viewer asks of the real studio, it answers from files."""
import http.server
import json
import pathlib
import subprocess
import threading
import urllib.parse

WEB = pathlib.Path(__file__).resolve().parents[2]
TRACES = WEB / "tests" / "fixtures" / "traces"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html"}
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
EXAMPLES = [
    {"id": "x2_plus_3x", "title": "x² + 3x", "parameters": [{"name": "x", "value": 2}]},
    {"id": "mlp", "title": "MLP", "parameters": []},
]
GENERATED = {"rnn330": 330}
_made = {}


def trace_text(trace):
    """The text of `example:NAME` or `fixture:NAME`, or None."""
    name = trace.split(":", 1)[-1]
    if name in GENERATED:
        if name not in _made:
            program = (
                f"import {{ recurrent }} from '{WEB.as_uri()}/tests/programs.mjs';"
                f"process.stdout.write(recurrent({GENERATED[name]}));"
            )
            _made[name] = subprocess.run(
                ["node", "--input-type=module", "-e", program], check=True, capture_output=True
            ).stdout
        return _made[name]
    path = TRACES / f"{name}.jsonl"
    if name.replace("_", "").isalnum() and path.exists():
        return path.read_bytes()
    return None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", CSP)
        self.end_headers()
        self.wfile.write(body)

    def json(self, status, value):
        self.answer(status, "application/json", json.dumps(value).encode())

    def do_GET(self):
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        if path.startswith("/assets/"):
            file = (WEB / path[len("/assets/"):]).resolve()
            if WEB in file.parents and file.is_file():
                return self.answer(200, TYPES.get(file.suffix, "text/plain"), file.read_bytes())
            return self.json(404, {"message": f"There is no {path}."})
        if path == "/api/examples":
            return self.json(200, EXAMPLES)
        if path.startswith("/api/traces/"):
            text = trace_text(path[len("/api/traces/"):])
            if text is None:
                return self.json(404, {"message": f"There is no trace {path.rsplit('/', 1)[-1]}."})
            return self.answer(200, "application/jsonl", text)
        return self.answer(200, "text/html; charset=utf-8", (WEB / "index.html").read_bytes())

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/api/run":
            return self.json(200, {"trace": f"example:{body['example']}"})
        if self.path == "/api/expr":
            problem = {"column": 5, "message": "there is no function sine here"}
            if "sine" in body["source"]:
                return self.json(422, {"errors": [problem]})
            return self.json(200, {"trace": "example:x2_plus_3x"})
        return self.json(404, {"message": f"There is no {self.path}."})


class FileStudio:
    """Serves on a free port of this machine until `close`."""

    def __init__(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
