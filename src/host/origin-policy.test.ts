import { describe, expect, test } from 'vitest';
import { refuseOrigin } from './origin-policy.ts';

const PRODUCTION = { allowedOrigins: [], allowNativeClients: true, isDevelopment: false };

describe('refuseOrigin', () => {
  test('the own host may connect, whatever the port', () => {
    expect(refuseOrigin(PRODUCTION, 'https://game.example', 'game.example:7777')).toBeUndefined();
  });

  test('a foreign origin is refused with its name and the option', () => {
    const problem = refuseOrigin(PRODUCTION, 'https://evil.example', 'game.example');
    expect(problem).toContain('https://evil.example');
    expect(problem).toContain('allowedOrigins');
  });

  test('a listed origin may connect', () => {
    const policy = { ...PRODUCTION, allowedOrigins: ['https://portal.example'] };
    expect(refuseOrigin(policy, 'https://portal.example', 'game.example')).toBeUndefined();
    expect(refuseOrigin(policy, 'https://portal.example.evil', 'game.example')).toBeDefined();
  });

  test.each(['http://localhost:5173', 'http://127.0.0.1:5173', 'http://[::1]:5173'])(
    '%s may connect in development only',
    (origin) => {
      const development = { ...PRODUCTION, isDevelopment: true };
      expect(refuseOrigin(development, origin, 'game.example')).toBeUndefined();
      expect(refuseOrigin(PRODUCTION, origin, 'game.example')).toBeDefined();
    },
  );

  test('no Origin header is a native client, which an option refuses', () => {
    expect(refuseOrigin(PRODUCTION, undefined, 'game.example')).toBeUndefined();
    const browsersOnly = { ...PRODUCTION, allowNativeClients: false };
    expect(refuseOrigin(browsersOnly, undefined, 'game.example')).toContain('allowNativeClients');
  });

  test.each(['null', '', 'nonsense', 'http://', `https://${'x'.repeat(5000)}`])(
    'the hostile origin %j is refused in few words',
    (origin) => {
      const problem = refuseOrigin(PRODUCTION, origin, undefined);
      expect(problem).toBeDefined();
      expect(problem!.length).toBeLessThan(300);
    },
  );
});
