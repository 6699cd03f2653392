// A `ws` server that sends {"id":7} so many milliseconds after {"id":7,"delay":20}. Prints its URL.
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('connection', (socket) => {
  socket.on('error', () => {});
  socket.on('message', (data) => {
    const { delay, id } = JSON.parse(data.toString());
    setTimeout(() => socket.send(JSON.stringify({ id })), delay);
  });
});
server.on('listening', () => console.log(`ws://127.0.0.1:${server.address().port}/`));
