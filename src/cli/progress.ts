import { MultiBar, type SingleBar } from 'cli-progress';
import type { DownloadProgress } from '#contract/events.ts';
import type { PlacingEvent } from '#pipeline/index.ts';
import type { Terminal } from './terminal.ts';

/** Shows downloads as they move: a bar per file where a person watches, a line per file elsewhere, nothing when quiet. */
export interface DownloadDisplay {
  show(progress: DownloadProgress): void;
  stop(): void;
}

export function downloadDisplay(terminal: Terminal): DownloadDisplay {
  if (terminal.quiet) return { show: () => {}, stop: () => {} };
  return terminal.live ? bars() : lines(terminal);
}

/** Shows how far turning media into text has come and how long it may still take, on one line that vanishes when it is done. */
export interface PerceivingDisplay {
  happened(event: PlacingEvent): void;
  stop(): void;
}

/** What is done sooner needs no line. */
const SHOWN_FROM_MS = 1_500;

export function perceivingDisplay({ live, err }: Pick<Terminal, 'live' | 'err'>, now = Date.now): PerceivingDisplay {
  let shown = false;
  let doing = '';
  let beganMs = 0;
  const show = (what: string, done: number, total: number | null, words: string) => {
    if (what !== doing) beganMs = now();
    doing = what;
    const elapsedMs = now() - beganMs;
    if (!live || elapsedMs < SHOWN_FROM_MS) return;
    shown = true;
    const leftMs = total && done > 0 ? (elapsedMs * Math.max(0, total - done)) / done : null;
    err(`\r\u001b[K${words}${leftMs === null ? '' : `, about ${clock(leftMs)} left`}`);
  };
  const stop = () => {
    if (shown) err('\r\u001b[K');
    shown = false;
  };
  return {
    happened(event) {
      if (event.kind === 'hearing-moved') {
        const { heardMs, durationMs } = event;
        show('hearing', heardMs, durationMs, `heard ${clock(heardMs)} of ${clock(durationMs)}`);
      } else if (event.kind === 'seeing-moved') {
        const { done, total, unit } = event;
        show(unit, done, total, `${done}${total === null ? '' : ` of ${total}`} ${unit}`);
      } else if (event.kind === 'mending-moved') {
        const { done, total } = event;
        show('mending', done, total, `corrected ${done} of ${total}`);
      } else if (event.kind === 'embedding-moved') {
        const { done, total } = event;
        show('embedding', done, total, `placed ${done} of ${total} pieces`);
      } else if (event.kind === 'part-perceived' || event.kind === 'part-mended' || event.kind === 'text-delta') stop();
    },
    stop,
  };
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

const BAR = {
  format: '{state} {bar} {percentage}% {size} {name}',
  barCompleteChar: '█',
  barIncompleteChar: '░',
  barsize: 24,
  hideCursor: false,
  stopOnComplete: false,
  gracefulExit: false,
};

function lines(terminal: Terminal): DownloadDisplay {
  return {
    show({ model, file, source, totalBytes, state }) {
      if (state === 'started') terminal.err(`fetching ${model}/${file} (${megabytes(totalBytes)}) from ${source}\n`);
      if (state === 'preparing') terminal.err(`preparing ${model}/${file}\n`);
      if (state === 'done') terminal.err(`ready    ${model}/${file}\n`);
    },
    stop() {},
  };
}

function bars(): DownloadDisplay {
  const open = new Map<string, SingleBar>();
  const arrived = new Set<string>();
  let multi: MultiBar | undefined;
  // Once everything on its way has arrived the bars stand still, so that what is printed next stands below them.
  const stop = () => {
    multi?.stop();
    multi = undefined;
    open.clear();
    arrived.clear();
  };
  return {
    show({ model, file, source, receivedBytes, totalBytes, state }) {
      const key = `${model}/${file}`;
      const words = { state: state.padEnd(9), size: megabytes(totalBytes), name: `${key} · ${source}` };
      multi ??= new MultiBar({ ...BAR, stream: process.stderr });
      const bar = open.get(key) ?? multi.create(totalBytes ?? receivedBytes, 0, words);
      open.set(key, bar);
      if (totalBytes !== null) bar.setTotal(totalBytes);
      bar.update(state === 'done' ? bar.getTotal() : receivedBytes, words);
      if (state === 'done') arrived.add(key);
      if ([...open.keys()].every((one) => arrived.has(one))) stop();
    },
    stop,
  };
}

function megabytes(bytes: number | null): string {
  return bytes === null ? '? MB' : `${(bytes / 1e6).toFixed(1)} MB`;
}
