// @ts-check
import { EventEmitter } from 'node:events';

/**
 * @typedef {'NEW' | 'PENDING' | 'PAID'} OrderStatus
 * @typedef {{ id: number, item: string, quantity: number, status: OrderStatus }} Order
 * @typedef {{ type: 'order.created' | 'order.updated', id: number, status: OrderStatus }} OrderEvent
 */

/** 20 ms: the payment provider takes its time, and a test sees PENDING before PAID. */
const paymentMs = 20;

/** The orders of one session: 41, 42 and 43 are there from the start. Emits `change` with an `OrderEvent`. */
export class OrderBook extends EventEmitter {
  /** @type {Map<number, Order>} @readonly */
  #orders = new Map();
  #nextId = 41;

  constructor() {
    super();
    for (const item of ['Tea', 'Towel', 'Peanuts']) this.#add(item, 1);
  }

  /** @returns {Order[]} */
  list() {
    return [...this.#orders.values()];
  }

  /** @param {unknown} id */
  get(id) {
    return typeof id === 'number' ? this.#orders.get(id) : undefined;
  }

  /**
   * @param {string} item
   * @param {number} quantity
   */
  create(item, quantity) {
    const order = this.#add(item, quantity);
    this.#announce('order.created', order);
    return order;
  }

  /**
   * Starts the payment: PENDING at once, PAID when the provider has confirmed. Paying again repeats both.
   *
   * @param {Order} order
   */
  pay(order) {
    this.#setStatus(order, 'PENDING');
    setTimeout(() => this.#setStatus(order, 'PAID'), paymentMs).unref();
  }

  /**
   * @param {string} item
   * @param {number} quantity
   */
  #add(item, quantity) {
    /** @type {Order} */
    const order = { id: this.#nextId, item, quantity, status: 'NEW' };
    this.#orders.set(order.id, order);
    this.#nextId += 1;
    return order;
  }

  /**
   * @param {Order} order
   * @param {OrderStatus} status
   */
  #setStatus(order, status) {
    order.status = status;
    this.#announce('order.updated', order);
  }

  /**
   * @param {OrderEvent['type']} type
   * @param {Order} order
   */
  #announce(type, { id, status }) {
    this.emit('change', { type, id, status });
  }
}
