/** Version of the wire. A Login or Resume that names another one is refused with `version-mismatch`. */
export const PROTOCOL_VERSION = 2;
