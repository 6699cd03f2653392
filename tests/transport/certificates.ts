import { generate } from 'selfsigned';

/** A certificate with its key, in PEM format. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A self-signed certificate for this machine. Elliptic curves: a key is made in a millisecond. */
export async function selfSigned(commonName: string = '127.0.0.1'): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: '127.0.0.1' },
          { type: 2, value: 'localhost' },
        ],
      },
    ],
  });
  return { cert, key };
}
