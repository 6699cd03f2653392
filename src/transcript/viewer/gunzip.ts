/** Decompresses base64 of gzip, chunk by chunk. */
export function gunzip(base64: string): ReadableStream<string> {
  const packed = new Blob([bytesOfBase64(base64)]).stream();
  return packed.pipeThrough(new DecompressionStream('gzip')).pipeThrough(new TextDecoderStream());
}

export function bytesOfBase64(base64: string): Uint8Array<ArrayBuffer> {
  const characters = atob(base64);
  const bytes = new Uint8Array(characters.length);
  for (let index = 0; index < characters.length; index++) bytes[index] = characters.charCodeAt(index);
  return bytes;
}
