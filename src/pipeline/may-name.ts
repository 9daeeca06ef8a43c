import type { Config } from '#config/index.ts';
import { type ErrorCode, SensoriumError } from '#contract/error.ts';
import { vendorNamed } from '#vendors/index.ts';
import { isElsewhere } from './senses.ts';

/**
 * Refuses names that a caller may not use. A vendor's usual address on this machine (`vllm:…`, `ollama:…`) is open to whoever
 * wrote the configuration or the command; a caller of the server must not make it knock at ports nobody set up. Throws `code`.
 */
export function mayName({ providers, ask, hear, see, speak, embed }: Config): (id: string, code: ErrorCode) => void {
  const named = [hear.model, hear.second, see.describer, speak.voice, embed.model, embed.image, embed.audio];
  const operators = new Set([ask.model, ...ask.fallbacks, ...named]);
  return (id, code) => {
    const name = id.split(':', 1)[0] ?? '';
    if (!id.includes(':') || operators.has(id) || Object.hasOwn(providers, name)) return;
    if (!isElsewhere(id)) {
      throw new SensoriumError(code, 'A folder of weights can only be named in the configuration.', {
        hint: 'Set hear.model (or embed.model, embed.image, embed.audio) to it, or name a model of the store.',
      });
    }
    if (vendorNamed(name)?.needsKey !== false) return;
    throw new SensoriumError(code, `${name} is not set up here.`, {
      hint: `Set providers.${name}.baseUrl in the configuration, then name ${id} again.`,
      details: { provider: name },
    });
  };
}
