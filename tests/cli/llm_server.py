# SPDX-License-Identifier: GPL-3.0-or-later
"""A language-model server on the loopback, for the case files: $LLM is its address.

It has one model, “small”, and takes the key “sk-right”, in each dialect. Whatever it is asked, it streams
an object with one member for each that the request's schema requires: “blue é”, or ["blue é"] for an array,
the first of what an enum has, and the least of a number.
"""

import http.server
import json
import threading


def schema_of(request):
    form = request.get("response_format", {}).get("json_schema", {}).get("schema")
    return form or request.get("format") or request.get("output_config", {}).get("format", {}).get("schema") or {}


def fill(form):
    kind = form.get("type")
    if kind == "object":
        return {name: fill(form["properties"][name]) for name in form.get("required", [])}
    if "enum" in form:
        return form["enum"][0]
    return {"array": ["blue é"], "integer": form.get("minimum", 1)}.get(kind, "blue é")


def answer(request):
    return json.dumps(fill(schema_of(request)))


def event(document):
    return f"data: {json.dumps(document)}\n\n"


def stream_openai(text):
    for piece in (text[:5], text[5:]):
        yield event({"choices": [{"delta": {"content": piece}, "finish_reason": None}]})
    yield event({"choices": [{"delta": {}, "finish_reason": "stop"}]})
    yield "data: [DONE]\n\n"


def stream_ollama(text):
    yield json.dumps({"message": {"content": text}, "done": False}) + "\n"
    yield json.dumps({"message": {"content": ""}, "done": True, "done_reason": "stop"}) + "\n"


def stream_anthropic(text):
    yield event({"type": "content_block_delta", "delta": {"type": "text_delta", "text": text}})
    yield event({"type": "message_delta", "delta": {"stop_reason": "end_turn"}})
    yield event({"type": "message_stop"})


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def reply(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def is_refused(self):
        if "sk-right" in self.headers.get("Authorization", "") + self.headers.get("x-api-key", ""):
            return False
        self.reply(401, b'{"error": {"message": "wrong key"}}')
        return True

    def do_GET(self):
        if self.is_refused():
            return
        listed = {"/v1/models": {"data": [{"id": "small"}]}, "/api/tags": {"models": [{"name": "small"}]}}
        path = self.path.partition("?")[0]
        self.reply(200 if path in listed else 404, json.dumps(listed.get(path, {})).encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.is_refused():
            return
        request = json.loads(body)
        streams = {"/v1/chat/completions": stream_openai, "/api/chat": stream_ollama, "/v1/messages": stream_anthropic}
        if self.path in streams and request["model"] == "small":
            self.reply(200, "".join(streams[self.path](answer(request))).encode())
        else:
            self.reply(404, b'{"error": {"message": "no such model"}}')


def start():
    """Returns the address; the server ends with the program."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
