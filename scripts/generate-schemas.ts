// Writes schemas/*.json from the contract, so that people in other languages can rely on the same words.
import { mkdirSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { Config } from '#config/index.ts';
import { Answer, Speech } from '#contract/answer.ts';
import { Finding } from '#contract/finding.ts';
import { Ledger } from '#contract/ledger.ts';
import { Loss } from '#contract/loss.ts';
import { Media } from '#contract/media.ts';
import { Perception } from '#contract/perception.ts';
import { Plan } from '#contract/plan.ts';
import { Report } from '#contract/report.ts';

const schemas = { Answer, Config, Finding, Ledger, Loss, Media, Perception, Plan, Report, Speech };

export function renderSchemas(): Map<string, string> {
  const rendered = Object.entries(schemas).map(([name, schema]): [string, string] => {
    const json = { title: name, ...z.toJSONSchema(schema) };
    return [`${name.toLowerCase()}.json`, `${JSON.stringify(json, null, 2)}\n`];
  });
  return new Map(rendered);
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const folder = new URL('../schemas/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of renderSchemas()) writeFileSync(new URL(name, folder), text);
  console.log(`schemas: ${renderSchemas().size} written`);
}
