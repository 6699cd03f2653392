// k6/ws: each reply is answered with the next request.
import ws from 'k6/ws';

// oxlint-disable-next-line import/no-default-export -- k6 wants one
export default function request() {
  let id = 0;
  let start = 0;
  ws.connect(__ENV.BENCH_URL, null, (socket) => {
    socket.on('open', () => {
      start = Date.now();
      socket.send(JSON.stringify({ type: 'get', id }));
    });
    socket.on('message', (text) => {
      if (JSON.parse(text).id !== id) throw new Error(`Not the reply to ${id}: ${text}`);
      id++;
      if (id < Number(__ENV.BENCH_COUNT)) socket.send(JSON.stringify({ type: 'get', id }));
      else {
        console.log(`ms=${Date.now() - start}`);
        socket.close();
      }
    });
  });
}
