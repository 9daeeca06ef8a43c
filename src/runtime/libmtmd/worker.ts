import { serve } from '../worker/serve.ts';
import { type Encodable, openProjector, type Projector, type ProjectorFiles } from './projector.ts';

// The host starts one process per projector, so there is only ever one to keep.
let opening: Promise<Projector> | undefined;

function projectorOf(files: ProjectorFiles): Promise<Projector> {
  opening ??= openProjector(files).catch((error) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

serve({
  open: async (files: ProjectorFiles) => (await projectorOf(files)).facts,
  encode: async ({ files, medium }: { files: ProjectorFiles; medium: Encodable }) =>
    (await projectorOf(files)).encode(medium),
});
