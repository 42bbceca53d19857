/**
 * A certificate for `localhost` and 127.0.0.1 that signs itself, for tests of TLS: made anew, so
 * that no key lies in the repository and no test fails when a date has come. Node can sign, but
 * not write certificates: the few fields of RFC 5280 are written here as DER by hand.
 */
import { generateKeyPairSync, sign } from 'node:crypto';

export interface SelfSignedCertificate {
  /** PEM, for the server. */
  readonly key: string;
  /** PEM, for the server, and as `ca` for clients that are to trust it. */
  readonly cert: string;
}

const SEQUENCE = 0x30;
const SET = 0x31;
const OID_COMMON_NAME = [0x55, 0x04, 0x03];
const OID_BASIC_CONSTRAINTS = [0x55, 0x1d, 0x13];
const OID_ALTERNATIVE_NAME = [0x55, 0x1d, 0x11];
const OID_ECDSA_WITH_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];

/** One element: tag, length, contents. */
function der(tag: number, ...contents: readonly (Uint8Array | readonly number[])[]): Buffer {
  const body = Buffer.concat(contents.map((part) => Buffer.from(part)));
  const { length } = body;
  let header = [tag, length];
  if (length > 0xff) header = [tag, 0x82, length >> 8, length & 0xff];
  else if (length > 0x7f) header = [tag, 0x81, length];
  return Buffer.concat([Buffer.from(header), body]);
}

function objectId(bytes: readonly number[]): Buffer {
  return der(0x06, bytes);
}

function extension(id: readonly number[], value: Buffer): Buffer {
  return der(SEQUENCE, objectId(id), der(0x04, value));
}

/** Whole bytes: no unused bits. */
function bitString(bytes: Uint8Array): Buffer {
  return der(0x03, [0], bytes);
}

export function createSelfSignedCertificate(): SelfSignedCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(SEQUENCE, objectId(OID_ECDSA_WITH_SHA256));
  const commonName = der(SEQUENCE, objectId(OID_COMMON_NAME), der(0x0c, Buffer.from('localhost')));
  const name = der(SEQUENCE, der(SET, commonName));
  const names = der(SEQUENCE, der(0x82, Buffer.from('localhost')), der(0x87, [127, 0, 0, 1]));
  const authority = der(SEQUENCE, der(0x01, [0xff]));
  const validity = ['200101000000Z', '491231235959Z'].map((time) => der(0x17, Buffer.from(time)));
  const contents = der(
    SEQUENCE,
    // Version 3, whose number is 2.
    der(0xa0, der(0x02, [2])),
    der(0x02, [1]),
    algorithm,
    name,
    der(SEQUENCE, ...validity),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      der(
        SEQUENCE,
        extension(OID_BASIC_CONSTRAINTS, authority),
        extension(OID_ALTERNATIVE_NAME, names),
      ),
    ),
  );
  const certificate = der(
    SEQUENCE,
    contents,
    algorithm,
    bitString(sign('sha256', contents, privateKey)),
  );
  const lines = certificate.toString('base64').replaceAll(/.{1,64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`,
  };
}
