// @ts-check
import { onObject, repeat, send } from './sockets.js';

/**
 * @import { WebSocket } from 'ws'
 * @import { Refusal } from './http.js'
 */

/**
 * @param {URL} url
 * @returns {Refusal | undefined}
 */
export function refuseWithoutUser(url) {
  if (url.searchParams.has('user_id')) return undefined;
  return { status: 400, body: { error: 'Add ?user_id=… to the URL' } };
}

/** 5 ms: notifications come one after the other, not in one packet. */
const betweenMs = 5;

/**
 * `/notifications?user_id=7`: after `{user_id, status}` comes the notification of this user, among those of others:
 * some before it, some after it.
 *
 * @param {WebSocket} socket
 * @param {URL} url
 */
export function openNotifications(socket, url) {
  const userId = url.searchParams.get('user_id') ?? '';
  onObject(
    socket,
    ({ user_id: id, status }) => {
      if (id !== userId) return send(socket, { type: 'error', message: `You are user "${userId}"` });
      const all = [...others(1, 2), notification(userId, status), ...others(3, 4, 5)];
      return repeat(socket, betweenMs, () => {
        send(socket, all.shift());
        return all.length > 0;
      });
    },
    () => send(socket, { type: 'error', message: 'Send {"user_id": …, "status": …}' }),
  );
}

/** @param {number[]} numbers */
function others(...numbers) {
  return numbers.map((n) => notification(`other-${n}`, 'away'));
}

/**
 * @param {string} userId
 * @param {unknown} status
 */
function notification(userId, status) {
  return { type: 'notification', user_id: userId, status, message: `${userId} is ${String(status)}` };
}
