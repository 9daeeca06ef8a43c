import type { DoubtfulSpan, Ledger, Mitigation } from '#contract/ledger.ts';
import type { Loss } from '#contract/loss.ts';
import { judge } from '../verdict/verdict.ts';

/**
 * The same ledger without a word of what was said, shown, written or asked: for logs, telemetry and metrics. Places, figures, sources and kinds stay.
 * Sentences that a component wrote (messages of losses, notes, reasons of routes) go too, since they may quote; so do alternatives.
 */
export function redact(ledger: Ledger): Ledger {
  const { routes, spans, loss, losses, mitigations } = ledger;
  const bare: Ledger = {
    ...ledger,
    routes: routes.map((route) => ({
      ...route,
      considered: route.considered.map((one) => ({ ...one, reason: '' })),
    })),
    spans: spans.map(withoutWords),
    loss: { ...loss, model: { ...loss.model, rare: loss.model.rare.map((one) => ({ ...one, character: null })) } },
    losses: losses.map(bareLoss),
    mitigations: mitigations.map(bareMitigation),
  };
  const language = /\p{Script=Han}/u.test(withoutQuotes(ledger.verdict.headline)) ? 'zh' : 'en';
  return { ...bare, verdict: judge(bare, language, { quotes: false }) };
}

function withoutWords(span: DoubtfulSpan): DoubtfulSpan {
  return { ...span, text: null, alternatives: [] };
}

function bareLoss({ kind, stage, part, engine, time, extent, unit, certainty }: Loss): Loss {
  return { kind, stage, part, engine, time, text: null, extent, unit, certainty, message: kind, action: null };
}

function bareMitigation(mitigation: Mitigation): Mitigation {
  return { ...mitigation, note: '' };
}

// An English headline may quote Chinese.
function withoutQuotes(headline: string): string {
  return headline.replaceAll(/“[^”]*”/gu, '');
}
