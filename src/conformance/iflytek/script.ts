/** One result of a dictation, before a service wraps it. */
export interface Result {
  readonly sn: number;
  readonly ls: boolean;
  readonly bg: 0;
  readonly ed: 0;
  readonly pgs?: 'apd' | 'rpl';
  readonly rg?: readonly [number, number];
  readonly ws: readonly { readonly bg: 0; readonly cw: readonly { readonly w: string; readonly sc: 0 }[] }[];
}

/** A step: what is added, or what stands for a range of earlier numbers; each word with what it might have been. */
interface Step {
  readonly words: readonly (string | readonly string[])[];
  readonly replaces?: readonly [number, number];
}

/**
 * What a dictation says of a recording: a sentence with its measured length, got wrong at first and corrected twice, the
 * second time over several numbers. Without `corrects` the right words come at once.
 */
export function scriptFor(durationMs: number, corrects: boolean): readonly Result[] {
  const seconds = (durationMs / 1000).toFixed(1);
  const wrong: readonly Step[] = [
    { words: ['这段'] },
    { words: ['录影'] },
    { words: [['录音', '录影', '陆音']], replaces: [2, 2] },
    { words: ['这段', ['录音', '录影'], '长'], replaces: [1, 3] },
    { words: [`${seconds}秒`, '。'] },
  ];
  const right: readonly Step[] = [{ words: ['这段', '录音', '长'] }, { words: [`${seconds}秒`, '。'] }];
  const steps = corrects ? wrong : right;
  return steps.map(({ words, replaces }, at) => ({
    sn: at + 1,
    ls: at === steps.length - 1,
    bg: 0,
    ed: 0,
    ...(corrects ? { pgs: replaces ? 'rpl' : 'apd' } : {}),
    ...(replaces ? { rg: replaces } : {}),
    ws: words.map((word) => ({ bg: 0, cw: [word].flat().map((w) => ({ w, sc: 0 as const })) })),
  }));
}
