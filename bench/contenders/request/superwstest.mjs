// superwstest: sendJson and expectJson, in a chain.
import { count, measure, url } from '../../lib/contender.mjs';
import { loadPeer } from '../../lib/peers.mjs';

const request = loadPeer('superwstest');
await measure(async () => {
  let chain = request(url).ws('/');
  for (let id = 0; id < count; id++) chain = chain.sendJson({ type: 'get', id }).expectJson((reply) => reply.id === id);
  await chain;
  return count;
});
