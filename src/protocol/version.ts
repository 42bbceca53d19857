/** Version of the wire. A Login that names another one is refused with `version-mismatch`. */
export const PROTOCOL_VERSION = 1;
