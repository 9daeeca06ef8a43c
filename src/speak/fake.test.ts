import { examineSpeechEngine } from './conformance.ts';
import { fakeEngine } from './fake.ts';

examineSpeechEngine('the fake', async () => fakeEngine());
