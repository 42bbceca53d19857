/** Version of the wire. A Login or Resume of another one is refused with `version-mismatch`. */
export const PROTOCOL_VERSION = 3;
