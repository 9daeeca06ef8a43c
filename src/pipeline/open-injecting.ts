import type { Config } from '#config/index.ts';
import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import type { GateReport } from '#contract/gate.ts';
import type { EmbeddingComponent, LanguageModel } from '#contract/ports.ts';
import type { ModelFingerprint } from '#contract/prompt-vectors.ts';
import type { Injection } from '#plan/index.ts';
import type { Injecting } from './injecting.ts';
import { type Pool, pool } from './pool.ts';
import type { OpenVectorModel } from './vector-models.ts';

export interface InjectingSources {
  readonly settings: Config['inject'];
  readonly home: string;
  readonly vectorModels: Pool<OpenVectorModel>;
  /** The language model of this name, as a way that takes vectors. */
  model(name: string, signal: AbortSignal): Promise<LanguageModel>;
}

/** A component opened for one model. */
interface Opened {
  readonly component: EmbeddingComponent;
  readonly fingerprint: ModelFingerprint;
  close(): Promise<void>;
}

/** Read when a request first needs it: most never do. */
const room = () => import('#inject/index.ts');

/** The way of vectors into language models, by what the gate wrote down in the home folder. Nothing is opened before a request needs it. */
export function openInjecting(sources: InjectingSources): Injecting & { close(): Promise<void> } {
  const { settings, home, vectorModels } = sources;
  const referenceFor = (kind: string): string | null =>
    (settings.components as Readonly<Record<string, string | null>>)[kind] ?? null;
  const opened = pool<Opened>(async (pair, signal) => {
    const [reference = '', name = ''] = pair.split('\n');
    const model = await vectorModels.get(name, signal);
    const component = await (await room()).openComponent(reference, { model, home, signal, modelFile: model.path });
    return { component, fingerprint: await model.fingerprint(signal), close: () => component.close() };
  });

  return {
    async way(kind, model) {
      const reference = referenceFor(kind);
      if (reference === null) return undefined;
      const { readGateReport, isUsefulAgainstText } = await room();
      const report = await readGateReport(home, reference, model);
      if (report === null) return unchecked(reference, model);
      return wayBy(report, isUsefulAgainstText(report), settings.experimental);
    },
    async open(kind, model, signal) {
      const reference = referenceFor(kind) ?? '';
      const { readGateReport, sameModel, checkRequest } = await room();
      const report = await readGateReport(home, reference, model);
      if (report === null) throw new SensoriumError('inject.refused-by-gate', unchecked(reference, model));
      const { component, fingerprint } = await opened.get(`${reference}\n${model}`, signal);
      if (report.fingerprint === null || !sameModel(report.fingerprint, fingerprint)) throw changed(report);
      const { statistics } = component.manifest;
      return { component, report, check: (vectors) => checkRequest(vectors, { fingerprint, statistics }) };
    },
    model: sources.model,
    async check(vectors, model, signal) {
      try {
        const fingerprint = await (await vectorModels.get(model, signal)).fingerprint(signal);
        return (await room()).checkRequest(vectors, { fingerprint, statistics: null });
      } catch (error) {
        // Nobody can look into a server that says nothing of itself; what can be read of the vectors was checked when they came in.
        if (isSensoriumError(error) && error.details.code === 'EMB_SERVER_UNSUPPORTED') return [];
        throw error;
      }
    },
    close: () => opened.close(),
  };
}

function unchecked(component: string, model: string): string {
  return `The gate has not looked at ${component} before ${model}: sensorium gate check --component ${component} --model ${model}.`;
}

function wayBy(report: GateReport, asGoodAsText: boolean, experimental: boolean): Injection | string {
  const { component, model, grade, checks } = report;
  if (grade === 'refused') {
    const by = checks.find(({ outcome }) => outcome === 'refused');
    return `The gate refused ${component} before ${model}${by ? ` (${by.code}): ${by.message}` : '.'}`;
  }
  if (grade === 'experimental' && !experimental) {
    return `The gate calls ${component} before ${model} experimental (${toldBy(report)}), and inject.experimental is off.`;
  }
  return { component, told: toldBy(report), asGoodAsText };
}

function toldBy({ information: { value, low, high } }: GateReport): string {
  const two = (figure: number | null) => (figure ?? 0).toFixed(2);
  return value === null ? 'the gate let it in' : `${two(value)} [${two(low)}, ${two(high)}] of what text tells it`;
}

function changed({ component, model }: GateReport): SensoriumError {
  return new SensoriumError(
    'inject.refused-by-gate',
    `${model} is not the model that the gate saw with ${component}.`,
    {
      hint: `Check it again: sensorium gate check --component ${component} --model ${model}`,
      details: { code: 'EMB_CHANGED', component, model, fallback: 'text' },
    },
  );
}
