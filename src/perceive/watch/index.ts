export { type Watching, watch } from './watch.ts';
