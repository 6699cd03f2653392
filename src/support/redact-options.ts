import type { FrameLog } from '../frames/frame-log.ts';

/** Which secrets are masked, further to those whose names tell that they are. */
export interface RedactOptions {
  /** Names of headers of the opening handshake, in any case. */
  readonly headers?: readonly string[] | undefined;
  /** Names of query parameters, in any case. */
  readonly params?: readonly string[] | undefined;
  /** Where secrets stand in JSON messages: JSONPaths (RFC 9535), such as `$..iban`. */
  readonly paths?: readonly string[] | undefined;
  /** What secrets look like: each match is masked as a whole. */
  readonly patterns?: readonly RegExp[] | undefined;
  /** Secrets that are known before, of at least 4 characters. */
  readonly values?: readonly string[] | undefined;
}

/** Masks what is written: texts, and bytes. */
export interface MaskText {
  (text: string): string;
  /** The same bytes with their secrets overwritten. `isCut`: more bytes followed. */
  readonly bytes?: ((payload: Buffer, isCut: boolean) => Buffer) | undefined;
  /** Whether it is known without a second look that a frame is UTF-8, with nothing to mask. */
  readonly isHarmless?: ((log: FrameLog, index: number) => boolean) | undefined;
}

/** Options of a handshake that hold secrets. */
export interface SecretOptions {
  readonly headers?: Readonly<Record<string, string | null | undefined>> | undefined;
  readonly protocols?: string | readonly string[] | undefined;
  readonly httpCredentials?: Login | readonly Login[] | undefined;
  readonly proxy?: (Partial<Login> & { readonly server: string }) | undefined;
  readonly clientCertificates?: readonly { readonly passphrase?: string | undefined }[] | undefined;
}

/** User name and password. */
export interface Login {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}
