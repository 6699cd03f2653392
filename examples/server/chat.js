// @ts-check
import { onObject, send } from './sockets.js';

/**
 * @import { WebSocket } from 'ws'
 *
 * @typedef {{ room: string, name: string | undefined, send: (event: unknown) => void }} Member
 */

/**
 * Chat rooms with the events of k6's crocochat:
 *
 *     {event: 'SET_NAME', new_name}  -> all: {event: 'JOINED', user, message}, later {event: 'RENAMED', …}
 *     {event: 'SAY', message}        -> all: {event: 'CHAT_MSG', user, message}
 *     {event: 'LEAVE'}               -> all: {event: 'LEFT', user, message}; so does closing
 *     anything else                  -> {event: 'ERROR', message}
 */
export class ChatRooms {
  /** @type {Set<Member>} @readonly */
  #members = new Set();

  /**
   * @param {WebSocket} socket
   * @param {string} room
   */
  open(socket, room) {
    /** @type {Member} */
    const member = { room, name: undefined, send: (event) => send(socket, event) };
    this.#members.add(member);
    socket.once('close', () => {
      this.#members.delete(member);
      this.#leave(member);
    });
    onObject(
      socket,
      (message) => this.#handle(member, message),
      () => fail(member, 'Send JSON'),
    );
  }

  /**
   * @param {Member} member
   * @param {Record<string, unknown>} message
   */
  #handle(member, { event, new_name: newName, message }) {
    if (event === 'SET_NAME') return this.#setName(member, newName);
    if (member.name === undefined) return fail(member, 'Set a name first');
    if (event === 'SAY') return this.#tell(member.room, { event: 'CHAT_MSG', user: member.name, message });
    return event === 'LEAVE' ? this.#leave(member) : fail(member, `No event "${String(event)}"`);
  }

  /**
   * @param {Member} member
   * @param {unknown} name
   */
  #setName(member, name) {
    if (typeof name !== 'string' || name === '') return fail(member, 'A name is a text');
    const previous = member.name;
    member.name = name;
    const announcement =
      previous === undefined
        ? { event: 'JOINED', user: name, message: `${name} joined` }
        : { event: 'RENAMED', user: name, message: `${previous} is now ${name}` };
    return this.#tell(member.room, announcement);
  }

  /** @param {Member} member */
  #leave(member) {
    if (member.name === undefined) return;
    this.#tell(member.room, { event: 'LEFT', user: member.name, message: `${member.name} left` });
    member.name = undefined;
  }

  /**
   * @param {string} room
   * @param {unknown} event
   */
  #tell(room, event) {
    for (const member of this.#members) {
      if (member.room === room) member.send(event);
    }
  }
}

/**
 * @param {Member} member
 * @param {string} message
 */
function fail(member, message) {
  member.send({ event: 'ERROR', message });
}
