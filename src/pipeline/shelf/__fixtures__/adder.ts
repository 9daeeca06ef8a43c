// Adds texts to a store in a process that may be killed at any moment, and says of each that it is there once that is so.
import { openVectorStore } from '#store/index.ts';
import { bench, textInput } from './shelf.ts';

const [home = '', store = '', from = '0'] = process.argv.slice(2);
const { shelf } = bench({ home, openEngine: (folder) => openVectorStore({ kind: 'sqlite', folder }) });
const signal = new AbortController().signal;
for (let at = Number(from); ; at++) {
  const input = textInput(`This is text number n${at} of many.`, `${at}.txt`);
  const { file } = await shelf.add('anyone', store, input, {}, () => {}, signal);
  process.stdout.write(`${at} ${file.id}\n`);
}
