// superwstest: one expectation a message, in a chain.
import { count, measure, url } from '../../lib/contender.mjs';
import { orderText } from '../../lib/message.mjs';
import { loadPeer } from '../../lib/peers.mjs';

const request = loadPeer('superwstest');
await measure(async () => {
  let chain = request(url).ws('/').sendText('go');
  for (let id = 0; id < count; id++) chain = chain.expectText(orderText(id));
  await chain;
  return count;
});
