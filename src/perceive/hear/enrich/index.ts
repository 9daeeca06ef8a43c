export { enrich } from './enrich.ts';
export { plainTextOf, withoutMarks } from './grammar.ts';
