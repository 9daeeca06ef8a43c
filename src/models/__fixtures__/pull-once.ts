// A process of its own that pulls one model: `pull-once <settings as JSON> <model>`. Prints each event's state.
import { createModelStore } from '../index.ts';

const [settings = '', model = ''] = process.argv.slice(2);
const store = createModelStore(JSON.parse(settings));
const folder = await store.ensure(model, {
  signal: new AbortController().signal,
  onProgress: ({ state }) => console.log(state),
});
console.log(folder);
