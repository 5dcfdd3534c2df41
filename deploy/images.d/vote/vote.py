"""The front of the voting application: takes votes into a queue in redis, and shows the count that the worker keeps."""

import json
import os
import socketserver
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import redis

REDIS = (os.environ.get("REDIS_HOST", "redis"), int(os.environ.get("REDIS_PORT_NUMBER", "6379")))
OPTIONS = os.environ.get("OPTIONS", "cats,dogs").split(",")


class Front(BaseHTTPRequestHandler):
    def do_GET(self):
        path = urlparse(self.path).path
        if path == "/healthz":
            self.answer(200, {"status": "ok"})
        elif path == "/results":
            counts = redis.command(*REDIS, "HGETALL", "counts") or []
            found = dict(zip(counts[::2], counts[1::2]))
            self.answer(200, {option: int(found.get(option, 0)) for option in OPTIONS})
        elif path == "/":
            self.answer(200, {"vote with": "POST /vote?for=" + "|".join(OPTIONS), "served by": os.uname().nodename})
        else:
            self.answer(404, {"error": "no such page"})

    def do_POST(self):
        url = urlparse(self.path)
        choice = parse_qs(url.query).get("for", [""])[0]
        if url.path != "/vote" or choice not in OPTIONS:
            self.answer(400, {"error": "vote for one of " + ", ".join(OPTIONS)})
            return
        redis.command(*REDIS, "RPUSH", "votes", choice)
        self.answer(202, {"voted": choice})

    def answer(self, code, body):
        data = (json.dumps(body) + "\n").encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


if __name__ == "__main__":
    socketserver.TCPServer.allow_reuse_address = True
    print("listening on 8080, redis at %s:%d" % REDIS)
    ThreadingHTTPServer(("0.0.0.0", 8080), Front).serve_forever()
