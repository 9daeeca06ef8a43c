import { type DoubtfulSpan, Ledger, type Mitigation } from '#contract/ledger.ts';
import { codePoints } from '#kit/code-points.ts';
import { type Figure, figuresOf, SHARES } from './figures.ts';

/** One thing that keeps something from being a ledger: where (`spans.0.end`) and what. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** As many spans as a ledger lists; the others are counted. */
const MOST_SPANS = 200;
/** More than this helps nobody. */
const MOST_PROBLEMS = 100;

/**
 * What keeps a value from being a `loss-ledger/1`: its shape, then what a shape cannot say (offsets in order, shares in 0–1, a reason for
 * each figure that is not known and a source for each that is). Empty where nothing does.
 */
export function validateLedger(value: unknown): Problem[] {
  const parsed = Ledger.safeParse(value);
  const problems = parsed.success
    ? [...ofFigures(parsed.data), ...ofSpans(parsed.data), ...ofTheRest(parsed.data)]
    : parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  return problems.slice(0, MOST_PROBLEMS);
}

function ofFigures(ledger: Ledger): Problem[] {
  return [
    ...figuresOf(ledger).flatMap((one) => {
      const path = one.group === 'request' ? one.name : `loss.${one.group}.${one.name}`;
      return figureProblems(one).map((message) => ({ path, message }));
    }),
    ...ledger.mitigations.flatMap((one, at) =>
      (['errorRateBefore', 'errorRateAfter'] as const).flatMap((name) => {
        const figure: Figure = { ...one[name], group: 'accuracy', name: 'errorRate', low: null, high: null };
        return figureProblems(figure).map((message) => ({ path: `mitigations.${at}.${name}`, message }));
      }),
    ),
  ];
}

function figureProblems({ name, value, source, reason, low, high }: Figure): string[] {
  if (value === null) {
    const isBounded = low !== null || high !== null;
    return [
      ...(reason ? [] : ['has neither a value nor a reason why there is none']),
      ...(isBounded ? ['has an interval and no value'] : []),
    ];
  }
  const most = SHARES.has(name) ? 1 : Number.POSITIVE_INFINITY;
  const isWithin = (one: number) => one >= 0 && one <= most;
  return [
    ...(source ? [] : ['has a value and no source']),
    ...(reason === null ? [] : ['has a value and a reason why there is none']),
    ...([value, low ?? 0, high ?? 0].every(isWithin) ? [] : [`is not ${most === 1 ? 'between 0 and 1' : '0 or more'}`]),
    ...((low === null) === (high === null) ? [] : ['has one end of an interval only']),
    ...((low ?? value) <= value && value <= (high ?? value) ? [] : ['does not lie in its interval']),
  ];
}

function ofSpans({ spans, spansSummarised, calibration }: Ledger): Problem[] {
  const done = new Set<string>();
  const tooMany = spans.length > MOST_SPANS ? [{ path: 'spans', message: `has more than ${MOST_SPANS}` }] : [];
  const tooFew =
    spansSummarised > 0 && spans.length < MOST_SPANS
      ? [{ path: 'spansSummarised', message: `counts spans although fewer than ${MOST_SPANS} are listed` }]
      : [];
  const inOrder = spans.flatMap((span, at) => {
    const before = spans[at - 1];
    const isNew = before?.part !== span.part;
    if (isNew && before) done.add(before.part);
    const says = [
      ...(isNew && done.has(span.part) ? ['comes back to a part that was left'] : []),
      ...(!isNew && before && before.start > span.start ? ['starts before the span before it'] : []),
      ...spanProblems(span),
      ...(span.pErrorKind === 'calibrated' && calibration.profile === 'none'
        ? ['is calibrated although no profile was there']
        : []),
    ];
    return says.map((message) => ({ path: `spans.${at}`, message }));
  });
  return [...tooMany, ...tooFew, ...inOrder];
}

function spanProblems({ start, end, text, time, alternatives }: DoubtfulSpan): string[] {
  return [
    ...(start <= end ? [] : ['ends before it starts']),
    ...(text === null || codePoints(text) === end - start ? [] : [`its text is not ${end - start} code points long`]),
    ...(time && time.startMs > time.endMs ? ['its time ends before it starts'] : []),
    ...(alternatives.every(({ p }) => p === null || (p >= 0 && p <= 1))
      ? []
      : ['an alternative is not between 0 and 1']),
  ];
}

function ofTheRest({ requestId, verdict, mitigations, calibration }: Ledger): Problem[] {
  const { profile, reason } = calibration;
  const isTold = verdict.headline.trim() !== '' && !/[\n\r]/.test(verdict.headline);
  return [
    ...(requestId === '' ? [{ path: 'requestId', message: 'is empty' }] : []),
    ...(isTold ? [] : [{ path: 'verdict.headline', message: 'is not one sentence on one line' }]),
    ...mitigations.flatMap((one, at) =>
      mitigationProblems(one).map((message) => ({ path: `mitigations.${at}`, message })),
    ),
    ...(profile === 'none' && !reason ? [{ path: 'calibration', message: 'is none, without a reason' }] : []),
  ];
}

function mitigationProblems({ applied, editsProposed, editsAccepted }: Mitigation): string[] {
  return [
    ...(editsProposed !== null && editsAccepted !== null && editsAccepted > editsProposed
      ? ['accepts more edits than were proposed']
      : []),
    ...(!applied && (editsAccepted ?? 0) > 0 ? ['accepts edits although it was not applied'] : []),
  ];
}
