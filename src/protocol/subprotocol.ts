/** A subprotocol name is an HTTP token, RFC 6455 section 4.1. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export function isSubprotocol(name: string): boolean {
  return token.test(name);
}
