// superwstest: each message is parsed and its id compared.
import { count, measure, url } from '../../lib/contender.mjs';
import { loadPeer } from '../../lib/peers.mjs';

const request = loadPeer('superwstest');
await measure(async () => {
  let chain = request(url).ws('/').sendText('go');
  for (let id = 0; id < count; id++)
    chain = chain.expectJson((order) => order.type === 'order.updated' && order.id === id);
  await chain;
  return count;
});
