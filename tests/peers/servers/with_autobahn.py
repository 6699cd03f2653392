"""The peer of the specs, by the package `autobahn`. Prints its port."""

import asyncio
import json

from autobahn.asyncio.websocket import WebSocketServerFactory, WebSocketServerProtocol
from autobahn.websocket.compress import PerMessageDeflateOffer, PerMessageDeflateOfferAccept
from autobahn.websocket.types import ConnectionDeny


class Peer(WebSocketServerProtocol):
    def onConnect(self, request):
        self.path = request.path
        self.query = {name: values[0] for name, values in request.params.items()}
        if self.path == "/refuse":
            raise ConnectionDeny(403, "not yours")
        return "chat.v2" if "chat.v2" in request.protocols else None

    async def onOpen(self):
        if self.path == "/burst":
            for number in range(int(self.query["n"])):
                self.sendMessage(str(number).encode())
        elif self.path == "/seen":
            self.sendMessage(json.dumps(await close_of(self.query["id"])).encode())

    def onMessage(self, payload, isBinary):
        if self.path == "/fragments":
            self.sendMessage(payload, isBinary, fragmentSize=2)
        elif self.path == "/close":
            # `sendClose` takes the codes of applications only.
            self.sendCloseFrame(int(self.query["code"]), self.query.get("reason", "").encode())
        elif self.path == "/ping":
            self.sendPing(b"are you there")
        elif self.path == "/echo":
            self.sendMessage(payload, isBinary)

    def onPong(self, payload):
        if self.path == "/ping" and payload == b"are you there":
            self.sendMessage(b"pong came")

    def onClose(self, wasClean, code, reason):
        if getattr(self, "path", "") == "/closed":
            close_of(self.query["id"]).set_result({"code": self.remoteCloseCode, "reason": self.remoteCloseReason})


CLOSES = {}


def close_of(number):
    return CLOSES.setdefault(number, asyncio.get_running_loop().create_future())


def accept_deflate(offers):
    for offer in offers:
        if isinstance(offer, PerMessageDeflateOffer):
            return PerMessageDeflateOfferAccept(offer)
    return None


async def main():
    factory = WebSocketServerFactory()
    factory.protocol = Peer
    factory.setProtocolOptions(perMessageCompressionAccept=accept_deflate, autoPingInterval=0)
    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Future()


asyncio.run(main())
