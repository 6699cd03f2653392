"""The peer of the specs, by the package `websockets`. Prints its port."""

import asyncio
import http
import json
from urllib.parse import parse_qs, urlsplit

import websockets


async def serve(socket):
    path, query = split(socket.path)
    await BEHAVIOURS.get(path, echo)(socket, query)


async def echo(socket, _query):
    async for message in socket:
        await socket.send(message)


async def fragments(socket, _query):
    async for message in socket:
        await socket.send([message[start : start + 2] for start in range(0, len(message), 2)])


async def burst(socket, query):
    for number in range(int(query["n"])):
        await socket.send(str(number))
    await socket.wait_closed()


async def close(socket, query):
    await socket.recv()
    await socket.close(int(query["code"]), query.get("reason", ""))


async def ping(socket, _query):
    await socket.recv()
    pong = await socket.ping(b"are you there")
    await pong
    await socket.send("pong came")
    await socket.wait_closed()


async def closed(socket, query):
    """Tells the connection that asks with the same id how this one was closed."""
    await socket.wait_closed()
    close_of(query["id"]).set_result({"code": socket.close_code, "reason": socket.close_reason})


async def seen(socket, query):
    await socket.send(json.dumps(await close_of(query["id"])))
    await socket.wait_closed()


async def silent(socket, _query):
    await socket.wait_closed()


BEHAVIOURS = {
    "/fragments": fragments,
    "/burst": burst,
    "/close": close,
    "/ping": ping,
    "/closed": closed,
    "/seen": seen,
    "/silent": silent,
}
CLOSES = {}


def close_of(number):
    return CLOSES.setdefault(number, asyncio.get_running_loop().create_future())


def split(target):
    url = urlsplit(target)
    return url.path, {name: values[0] for name, values in parse_qs(url.query).items()}


async def refuse(path, _headers):
    if split(path)[0] == "/refuse":
        return http.HTTPStatus.FORBIDDEN, [("content-type", "application/json")], b'{"error":"not yours"}'
    return None


async def main():
    options = {"process_request": refuse, "subprotocols": ["chat.v2"], "max_size": None, "ping_interval": None}
    async with websockets.serve(serve, "127.0.0.1", 0, **options) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.Future()


asyncio.run(main())
