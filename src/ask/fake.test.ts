import { examineLanguageModel } from './conformance.ts';
import { fakeLanguageModel } from './fake.ts';

examineLanguageModel('fake', async () => fakeLanguageModel({ msPerWord: 1 }));
