import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { examineVectorStore } from '../../conformance.ts';
import { openSqliteStore } from './store.ts';

const folder = mkdtempSync(join(tmpdir(), 'sensorium-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

examineVectorStore('sqlite-vec', () => openSqliteStore({ folder }));
