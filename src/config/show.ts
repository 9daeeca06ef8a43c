import type { LoadedConfig, Origin } from './load.ts';

export interface Setting {
  readonly name: string;
  readonly value: unknown;
  readonly origin: Origin;
}

const SECRET = /(key|token|secret|password)$/i;

/** Every setting with its value and where it came from; secrets are masked. */
export function listSettings({ config, home, origins }: LoadedConfig): Setting[] {
  const settings: Setting[] = [{ name: 'home', value: home, origin: 'SENSORIUM_HOME or the user’s cache folder' }];
  const walk = (value: unknown, name: string) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [key, inner] of Object.entries(value)) walk(inner, name ? `${name}.${key}` : key);
      return;
    }
    const hidden = SECRET.test(name) && typeof value === 'string';
    settings.push({ name, value: hidden ? mask(value) : value, origin: origins.get(name) ?? 'default' });
  };
  walk(config, '');
  return settings;
}

function mask(secret: string): string {
  return secret.length > 12 ? `${secret.slice(0, 3)}…${secret.slice(-2)}` : '…';
}
