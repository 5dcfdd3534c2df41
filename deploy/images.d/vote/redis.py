"""A very small client of redis: one connection a command, text in and out."""

import socket


def command(host, port, *words):
    """Sends one command and answers its reply: a string, a number, a list or None."""
    with socket.create_connection((host, port), timeout=5) as connection:
        parts = [f"*{len(words)}\r\n".encode()]
        for word in words:
            data = str(word).encode()
            parts.append(b"$%d\r\n%s\r\n" % (len(data), data))
        connection.sendall(b"".join(parts))
        return _reply(connection.makefile("rb"))


def _reply(stream):
    line = stream.readline().rstrip(b"\r\n").decode()
    kind, rest = line[:1], line[1:]
    if kind == "-":
        raise RuntimeError(rest)
    if kind == ":":
        return int(rest)
    if kind == "$":
        length = int(rest)
        if length < 0:
            return None
        data = stream.read(length + 2)[:-2]
        return data.decode()
    if kind == "*":
        return [_reply(stream) for _ in range(int(rest))]
    return rest
