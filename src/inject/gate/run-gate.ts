import type { GateCheck, GateReport } from '#contract/gate.ts';
import type { Interval as ReportedInterval } from '#contract/ledger.ts';
import type { EmbeddingComponent, VectorModel } from '#contract/ports.ts';
import type { ModelFingerprint, PromptPiece, PromptVectors } from '#contract/prompt-vectors.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { bootstrapPaired, type Interval } from '#score/index.ts';
import { type Behaviour, checkBehaviour, tooFew } from './check-behaviour.ts';
import { checkDrift, driftReference } from './check-drift.ts';
import { checkIdentity } from './check-identity.ts';
import { checkRoundTrip } from './check-round-trip.ts';
import { checkServer, type ServerFinding, tryOneVector } from './check-server.ts';
import { checkUsefulness } from './check-usefulness.ts';
import { checkWire } from './check-wire.ts';
import { behaviourOf, chooseAmongFour } from './choice.ts';
import { canScore, measureReadings, pieceBaseline, type TextBaseline, textBaseline } from './information.ts';
import type { GateItem } from './items.ts';
import { gradeOf, LEAST_ITEMS, LEAST_SHARE } from './rules.ts';
import { notRun } from './verdict.ts';

type Check = GateCheck['check'];

export interface GateOptions {
  readonly signal: AbortSignal;
  /** The component and the model as a user names them, where that is not their id. */
  readonly component?: string | undefined;
  readonly model?: string | undefined;
  /** What a probe of a remote server found; without it one vector is tried. */
  readonly server?: ServerFinding | undefined;
  /** The text route on these items, where it was measured before. */
  readonly baseline?: TextBaseline | undefined;
  /** Checks to leave out: to see what the others find of what these would refuse. */
  readonly skip?: readonly Check[] | undefined;
  readonly now?: Date | undefined;
  onProgress?(progress: { readonly check: Check; readonly done: number; readonly total: number }): void;
}

/** Checks in their order: whatever is cheap first. */
const ORDER: readonly Check[] = ['server', 'wire', 'identity', 'round-trip', 'drift', 'behaviour', 'usefulness'];

/** Items whose vectors are looked at for drift. */
const DRIFT_ITEMS = 8;

/**
 * Looks whether a model understands what a component makes, each check after the other until one refuses. Writes nothing and changes
 * nothing. Throws only when cancelled, or when the component or the model themselves fail.
 */
export async function runGate(
  component: EmbeddingComponent,
  model: VectorModel,
  items: readonly GateItem[],
  options: GateOptions,
): Promise<GateReport> {
  const { signal, skip = [] } = options;
  const fingerprint = await model.fingerprint(signal);
  const work = new Work(component, model, fingerprint, items, options);
  const checks: GateCheck[] = [];
  for (const check of ORDER) {
    throwIfCancelled(signal);
    const refused = checks.some(({ outcome }) => outcome === 'refused');
    if (refused || skip.includes(check)) {
      checks.push(notRun(check, refused ? 'Not looked at: it is refused already.' : 'Left out.'));
      continue;
    }
    options.onProgress?.({ check, done: 0, total: 1 });
    const found = await work.steps[check as keyof typeof work.steps]().catch((error: unknown) => {
      if (error instanceof BadVectors) return error.check;
      throw error;
    });
    // An item whose vectors are broken may come late: then it is that check which failed.
    const earlier = found.check === check ? -1 : checks.findIndex((one) => one.check === found.check);
    if (earlier >= 0) checks.splice(earlier, 1, found);
    checks.push(...(earlier >= 0 ? [notRun(check, 'Not looked at: it is refused already.')] : [found]));
  }
  const refused = checks.some(({ outcome }) => outcome === 'refused');
  const { behaviour, difference } = work;
  return {
    schema: 'embedding-gate/1',
    createdAt: (options.now ?? new Date()).toISOString(),
    component: options.component ?? component.manifest.id,
    model: options.model ?? model.id,
    ...{ fingerprint, checks },
    items: behaviour?.items ?? 0,
    t: behaviour && Number.isFinite(behaviour.t) ? behaviour.t : null,
    information: reported(behaviour?.share, work.source, 'It was refused before its behaviour was looked at.'),
    againstText: reported(difference, work.source, 'It was refused before it was compared with text.'),
    grade: refused ? 'refused' : gradeOf(behaviour?.share.low ?? null, work.least),
    fallback: 'text',
    calibration: component.manifest.calibration,
  };
}

/** Vectors of an item that do not fit the wire. */
class BadVectors extends Error {
  readonly check: GateCheck;
  constructor(check: GateCheck) {
    super(check.message);
    this.check = check;
  }
}

/** What the checks of one run share: vectors made once, and what behaviour was found to be. */
class Work {
  behaviour: Behaviour | undefined;
  difference: Interval | undefined;
  readonly source: string;
  /** The least information share that is let in. */
  readonly least: number;
  readonly #made = new Map<number, Promise<PromptVectors>>();
  #useful: (() => Promise<GateCheck>) | undefined;
  readonly #component: EmbeddingComponent;
  readonly #model: VectorModel;
  readonly #fingerprint: ModelFingerprint;
  readonly #items: readonly GateItem[];
  readonly #options: GateOptions;

  constructor(
    component: EmbeddingComponent,
    model: VectorModel,
    fingerprint: ModelFingerprint,
    items: readonly GateItem[],
    options: GateOptions,
  ) {
    this.#component = component;
    this.#model = model;
    this.#fingerprint = fingerprint;
    this.#items = items;
    this.#options = options;
    this.least = Math.max(LEAST_SHARE, component.manifest.calibration?.threshold ?? LEAST_SHARE);
    this.source = canScore(model) ? 'gain in log-probability, matched minus mismatched' : 'choice among four';
  }

  readonly steps = {
    server: async () => {
      const { server, signal } = this.#options;
      if (server) return checkServer(server);
      const { values, width } = await this.#vectors(0);
      return tryOneVector(this.#model, values.slice(0, width), signal);
    },
    wire: async () => checkWire(await this.#vectors(0), { width: this.#fingerprint.width }),
    identity: async () => checkIdentity(this.#component.manifest.target, this.#fingerprint),
    'round-trip': async () => {
      const onText = (done: number, total: number) => this.#options.onProgress?.({ check: 'round-trip', done, total });
      return checkRoundTrip(this.#model, this.#fingerprint, { signal: this.#options.signal, onText });
    },
    drift: async () => {
      const some: Float32Array[] = [];
      for (let at = 0; at < Math.min(DRIFT_ITEMS, this.#items.length); at++)
        some.push((await this.#vectors(at)).values);
      const reference = driftReference(this.#component.manifest, this.#fingerprint);
      return checkDrift(some, this.#fingerprint, reference);
    },
    behaviour: async () => {
      if (this.#items.length < LEAST_ITEMS) return tooFew(this.#items.length);
      this.behaviour = canScore(this.#model) ? await this.#byGain() : await this.#byChoice();
      return checkBehaviour(this.behaviour, this.#items.length, this.least);
    },
    usefulness: async () => this.#useful?.() ?? notRun('usefulness', 'Behaviour was not measured.'),
  };

  async #byGain(): Promise<Behaviour> {
    const { signal } = this.#options;
    const references = this.#items.map(({ reference }) => reference);
    const baseline = this.#options.baseline ?? textBaseline(this.#model, references, signal);
    const onItem = (done: number, total: number) => this.#options.onProgress?.({ check: 'behaviour', done, total });
    const found = await measureReadings(this.#model, references, (at) => this.#piece(at), {
      ...{ signal, baseline, mayStop: true, onItem },
    });
    this.#useful = async () =>
      this.#against(found.gains, await this.#routeGains(references, found.textGains), found.textGains);
    return found;
  }

  /** What the text route’s own texts tell of the references. */
  async #routeGains(references: readonly string[], textGains: readonly number[]): Promise<readonly number[]> {
    const texts = this.#items.map(({ routeText, reference }) => routeText ?? reference);
    if (texts.every((text, at) => text === references[at])) return textGains;
    const route = pieceBaseline(this.#model, references, texts, this.#options.signal);
    const gains: number[] = [];
    for (let at = 0; at < references.length; at++) {
      gains.push(await route.gain(at));
      this.#options.onProgress?.({ check: 'usefulness', done: at + 1, total: references.length });
    }
    return gains;
  }

  async #byChoice(): Promise<Behaviour> {
    const onItem = (done: number, total: number) => this.#options.onProgress?.({ check: 'behaviour', done, total });
    const references = this.#items.map(({ reference }) => reference);
    const found = await chooseAmongFour(this.#model, references, (at) => this.#piece(at), {
      ...{ signal: this.#options.signal, onItem },
    });
    const above = (right: readonly boolean[]) => right.map((one) => (one ? 1 : 0) - 0.25);
    const text = above(found.byText);
    this.#useful = async () => this.#against(above(found.byVectors), text, text);
    return behaviourOf(found);
  }

  #against(own: readonly number[], route: readonly number[], ceiling: readonly number[]): GateCheck {
    const rows = own.map((gain, at) => ({ own: gain, route: route[at] ?? 0, ceiling: ceiling[at] ?? 0 }));
    const shareOf =
      (of: 'own' | 'route') =>
      (some: readonly { readonly own: number; readonly route: number; readonly ceiling: number }[]) =>
        some.reduce((sum, one) => sum + one[of], 0) / some.reduce((sum, one) => sum + one.ceiling, 0);
    const { before, after, difference } = bootstrapPaired(rows, shareOf('route'), shareOf('own'));
    this.difference = difference;
    return checkUsefulness(after, before, difference);
  }

  async #piece(at: number): Promise<PromptPiece> {
    return { vectors: (await this.#vectors(at)).values };
  }

  /** The vectors of an item, made when first needed and looked at before anybody is given them. */
  #vectors(at: number): Promise<PromptVectors> {
    const made = this.#made.get(at) ?? this.#make(at);
    this.#made.set(at, made);
    return made;
  }

  async #make(at: number): Promise<PromptVectors> {
    const item = this.#items[at];
    if (!item) throw new RangeError('The gate has no items to try.');
    const vectors = await this.#component.embed(item.input, { signal: this.#options.signal, note: () => {} });
    const check = checkWire(vectors, { width: this.#fingerprint.width });
    if (check.outcome === 'refused') throw new BadVectors(check);
    return vectors;
  }
}

function reported(interval: Interval | undefined, source: string, reason: string): ReportedInterval {
  if (!interval || !Number.isFinite(interval.value))
    return { value: null, low: null, high: null, source: null, reason };
  return { ...interval, source, reason: null };
}
