// k6/ws: counts, keeps nothing.
import ws from 'k6/ws';

// oxlint-disable-next-line import/no-default-export -- k6 wants one
export default function receive() {
  let received = 0;
  let start = 0;
  ws.connect(__ENV.BENCH_URL, null, (socket) => {
    socket.on('open', () => {
      start = Date.now();
      socket.send('go');
    });
    socket.on('message', () => {
      received++;
      if (received < Number(__ENV.BENCH_COUNT)) return;
      console.log(`ms=${Date.now() - start}`);
      socket.close();
    });
  });
}
