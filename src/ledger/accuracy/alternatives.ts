import type { DoubtfulSpan } from '#contract/ledger.ts';
import { type Dictionary, margins } from '#words/index.ts';
import type { Signalled } from './signals.ts';

/** Each Chinese character of a text that another of its sound would make more probable, by its place: that other. */
export function likelierIn(text: string, dictionary: Dictionary | null): ReadonlyMap<number, string> {
  if (!dictionary) return new Map();
  return new Map(
    margins(text, dictionary).flatMap(({ at, bits, best }): [number, string][] =>
      best !== null && (bits ?? 0) > 0 ? [[at, best]] : [],
    ),
  );
}

/** What a doubtful place may be instead: what the second reader has there, and the writing of the same sound that makes the text more probable. */
export function alternativesOf(
  { units, instead }: Signalled,
  { from, to }: { readonly from: number; readonly to: number },
  engine: string | undefined,
  likelier: ReadonlyMap<number, string>,
): DoubtfulSpan['alternatives'] {
  const here = units.slice(from, to);
  const text = here.map((unit) => unit.text).join('');
  const other = engine !== undefined && instead ? instead.slice(from, to).join('') : '';
  const sounding = here.map((unit) => likelier.get(unit.start) ?? unit.text).join('');
  return [
    ...(other === '' || other === text ? [] : [{ text: other, p: null, by: `second-reader:${engine}` }]),
    ...(sounding === text || sounding === other ? [] : [{ text: sounding, p: null, by: 'same-sound' }]),
  ];
}
