import { loadTransformers } from '../transformers.ts';

// Loads the library as a worker does, and lets it look for a model that is not here.
const { AutoConfig, env } = await loadTransformers();
const tried: string[] = [];
await AutoConfig.from_pretrained('nobody/nothing').catch((error: Error) => tried.push(error.message));
await Promise.resolve()
  .then(() => env.fetch('http://127.0.0.1:9/'))
  .catch((error: Error) => tried.push(error.message));
process.stdout.write(JSON.stringify(tried));
