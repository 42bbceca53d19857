/**
 * Which web pages may connect. Browsers tell the truth about a page's origin, so this keeps foreign
 * pages from using a player's browser; it is no defence against native programs.
 */
export interface OriginPolicy {
  /** Origins besides the server's own host, such as `https://game.example`. Default none. */
  readonly allowedOrigins: readonly string[];
  /** Whether a client without an Origin header (no browser) may connect. Default true. */
  readonly allowNativeClients: boolean;
  /** In development pages from localhost may connect too. */
  readonly isDevelopment: boolean;
}

const LOCAL_HOSTNAMES = new Set(['localhost', '127.0.0.1', '[::1]']);
const ORIGIN_LENGTH_MAX = 200;

function hostnameOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

/** `undefined` = may connect; otherwise why not, naming the origin and the option. */
export function refuseOrigin(
  policy: OriginPolicy,
  origin: string | undefined,
  requestedHost: string | undefined,
): string | undefined {
  if (origin === undefined) {
    if (policy.allowNativeClients) return undefined;
    return 'clients without an Origin header are refused (option allowNativeClients)';
  }
  if (policy.allowedOrigins.includes(origin)) return undefined;
  const hostname = hostnameOf(origin);
  if (hostname !== undefined) {
    const ownHostname = hostnameOf(`http://${requestedHost ?? ''}`);
    if (hostname === ownHostname) return undefined;
    if (policy.isDevelopment && LOCAL_HOSTNAMES.has(hostname)) return undefined;
  }
  const shown = JSON.stringify(origin.slice(0, ORIGIN_LENGTH_MAX));
  return `origin ${shown} is not allowed; list it in the option allowedOrigins`;
}
