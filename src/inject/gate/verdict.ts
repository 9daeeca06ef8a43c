import type { GateCheck, GateCode } from '#contract/gate.ts';

type Name = GateCheck['check'];

/** What a check looked at: the figure, the figure in words, and what it is held against. */
interface Figures {
  readonly value?: number | undefined;
  readonly measured?: string | undefined;
  readonly threshold?: string | undefined;
}

/** A check that found nothing wrong. */
export function passed(check: Name, message: string, figures: Figures = {}): GateCheck {
  return made(check, 'passed', null, message, null, figures);
}

/** A check that could not be made, and why. */
export function notRun(check: Name, message: string): GateCheck {
  return made(check, 'not-run', null, message, null, {});
}

/** A check that something failed, or nearly: what, and what would help. */
export function failed(
  check: Name,
  outcome: 'warned' | 'refused',
  code: GateCode,
  about: Figures & { readonly message: string; readonly remedy: string },
): GateCheck {
  return made(check, outcome, code, about.message, about.remedy, about);
}

function made(
  check: Name,
  outcome: GateCheck['outcome'],
  code: GateCode | null,
  message: string,
  remedy: string | null,
  { value, measured, threshold }: Figures,
): GateCheck {
  return {
    ...{ check, outcome, code, value: value ?? null },
    ...{ measured: measured ?? null, threshold: threshold ?? null, message, remedy },
  };
}

/** A figure as it is read: three digits that count. */
export function figure(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  return Math.abs(value) < 0.001 || Math.abs(value) >= 10_000
    ? value.toExponential(1)
    : String(Number(value.toPrecision(3)));
}
