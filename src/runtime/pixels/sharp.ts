import { SensoriumError } from '#contract/error.ts';
import { loadOptional } from '../optional.ts';

type Sharp = typeof import('sharp').default;

/** What may be decoded; everything else libvips could open (SVG with its references, PDF, scripts) stays shut. */
const LOADERS = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'];

let loaded: Promise<Sharp> | undefined;

/** sharp (libvips), loaded when first needed, with no cache of its own. Pictures from outside are opened only in `worker.ts`. */
export function loadSharp(): Promise<Sharp> {
  loaded ??= load().catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}

async function load(): Promise<Sharp> {
  const { default: sharp } = await loadOptional('sharp', () => import('sharp').catch(withoutBinary));
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: LOADERS.map((loader) => `VipsForeignLoad${loader}`) });
  return sharp;
}

function withoutBinary(error: unknown): never {
  if (!(error instanceof Error) || !error.message.startsWith('Could not load the "sharp" module')) throw error;
  throw new SensoriumError('runtime.package-missing', 'sharp has no build that runs on this machine.', {
    hint: 'Install it again without leaving out its optional packages: npm install sharp --include=optional',
    details: { package: 'sharp' },
    cause: error,
  });
}
