/** Words that must not come out in an error or a log: each is planted in one place of every request that has such a place. */
export const SECRETS = {
  prompt: 'zanzibar7731',
  media: 'quokka4412',
  url: 'urltoken9921',
  serverKey: 'opaque/serverkey.58d1',
  upstreamKey: 'opaque/upstreamkey.90b2',
  /** Part of the name of the folder for temporary files. */
  folder: 'hideaway6620',
} as const;

/** The secrets that a text gives away. */
export function secretsIn(text: string, secrets: readonly (keyof typeof SECRETS)[]): string[] {
  return secrets.filter((name) => text.includes(SECRETS[name]));
}
