import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { examineVectorStore } from '../../conformance.ts';
import { openLancedb } from './store.ts';

const folder = mkdtempSync(join(tmpdir(), 'sensorium-lancedb-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

examineVectorStore('LanceDB', () => openLancedb({ folder }));
