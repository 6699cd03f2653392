// @ts-check
// Starts the example application: `node examples/server/start.js [port]`, or PORT in the environment.
// Port 0 takes a free one. The URL is printed when it is ready.
import { startApp } from './app.js';

const port = Number(process.argv[2] ?? process.env['PORT'] ?? 4040);
const app = await startApp({ port });
console.log(`Example server listening on ${app.url}`);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => void app.close());
}
