// k6's chat: four users at once, each talks at its own pace, hears the others, and leaves when its session is over.
// 19 lines of code; the original has 43.
import { faker } from '@faker-js/faker';
import { expect, test } from 'playwright-ws';

faker.seed(43);
const sessionMs = faker.number.int({ min: 500, max: 900 });

test('four users talk and leave', async ({ ws }) => {
  const talk = async (name: string): Promise<void> => {
    const user = await ws.connect('/chat/publicRoom/', { name });
    await user.send({ event: 'SET_NAME', new_name: name });
    const everyMs = faker.number.int({ min: 50, max: 200 });
    const stop = user.setInterval(() => user.send({ event: 'SAY', message: faker.hacker.phrase() }), everyMs);
    await user.stay(sessionMs);
    stop();
    await user.send({ event: 'LEAVE' });
    await expect(user).toReceiveMessage({ event: 'LEFT', user: name });
    await expect(user).not.toHaveReceivedMessage({ event: 'ERROR' });
  };
  await Promise.all(['Croc 0', 'Croc 1', 'Croc 2', 'Croc 3'].map(talk));
  await expect(ws.clients).toReceiveMessage({ event: 'CHAT_MSG', user: 'Croc 3' });
});
