"""The peer of the specs, by the package `aiohttp`. Prints its port."""

import asyncio

from aiohttp import WSMsgType, web


async def open_socket(request, **options):
    socket = web.WebSocketResponse(protocols=["chat.v2"], max_msg_size=0, **options)
    await socket.prepare(request)
    return socket


async def echo(request):
    socket = await open_socket(request)
    async for message in socket:
        if message.type == WSMsgType.TEXT:
            await socket.send_str(message.data)
        elif message.type == WSMsgType.BINARY:
            await socket.send_bytes(message.data)
    return socket


async def burst(request):
    socket = await open_socket(request)
    for number in range(int(request.query["n"])):
        await socket.send_str(str(number))
    await socket.receive()
    return socket


async def close(request):
    socket = await open_socket(request)
    await socket.receive()
    await socket.close(code=int(request.query["code"]), message=request.query.get("reason", "").encode())
    return socket


async def ping(request):
    socket = await open_socket(request, autoping=False)
    await socket.receive()
    await socket.ping(b"are you there")
    message = await socket.receive()
    if message.type == WSMsgType.PONG and message.data == b"are you there":
        await socket.send_str("pong came")
    await socket.receive()
    return socket


async def closed(request):
    """Tells the connection that asks with the same id how this one was closed."""
    socket = await open_socket(request)
    message = await socket.receive()
    close_of(request.query["id"]).set_result({"code": message.data, "reason": message.extra})
    return socket


async def seen(request):
    socket = await open_socket(request)
    await socket.send_json(await close_of(request.query["id"]))
    await socket.receive()
    return socket


async def silent(request):
    socket = await open_socket(request)
    await socket.receive()
    return socket


async def refuse(_request):
    return web.json_response({"error": "not yours"}, status=403)


CLOSES = {}


def close_of(number):
    return CLOSES.setdefault(number, asyncio.get_running_loop().create_future())


async def main():
    application = web.Application()
    behaviours = [echo, burst, close, ping, closed, seen, silent, refuse]
    application.add_routes([web.get(f"/{one.__name__}", one) for one in behaviours])
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Future()


asyncio.run(main())
