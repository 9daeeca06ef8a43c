import { examineVectorStore } from './conformance.ts';
import { type FakeDisk, fakeVectorStore } from './fake.ts';

const disk: FakeDisk = new Map();
examineVectorStore('the fake', async () => fakeVectorStore(disk));
