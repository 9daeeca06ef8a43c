// What only a few commands need, each read when one of them runs: a hundred files less at every start.

type Inject = typeof import('#inject/index.ts');
type Gate = typeof import('./gate.ts');
type Fit = typeof import('./fit.ts');

/** See gate.ts. */
export const checkGate: Gate['checkGate'] = async (...given) => (await import('./gate.ts')).checkGate(...given);

/** See gate.ts. */
export const calibrateGateFor: Gate['calibrateGateFor'] = async (...given) =>
  (await import('./gate.ts')).calibrateGateFor(...given);

/** See fit.ts. */
export const fitConnectorOf: Fit['fitConnectorOf'] = async (...given) =>
  (await import('./fit.ts')).fitConnectorOf(...given);

/** See inject/gate/records.ts. */
export const listGateReports: Inject['listGateReports'] = async (...given) =>
  (await import('#inject/index.ts')).listGateReports(...given);

/** See inject/gate/records.ts. */
export const readGateReport: Inject['readGateReport'] = async (...given) =>
  (await import('#inject/index.ts')).readGateReport(...given);
