import { readFileSync } from 'node:fs';
import { documentExam } from '../conformance.ts';
import { documentEntry } from '../engines/index.ts';

const fixture = (name: string) => readFileSync(new URL(`../__fixtures__/${name}`, import.meta.url));
const OFFICE = 'application/vnd.openxmlformats-officedocument';

const cases: readonly [string, string, string, Buffer][] = [
  ['docx', `${OFFICE}.wordprocessingml.document`, '季度', fixture('report.docx')],
  ['pptx', `${OFFICE}.presentationml.presentation`, '上海', fixture('slides.pptx')],
  ['xlsx', `${OFFICE}.spreadsheetml.sheet`, '含税', fixture('budget.xlsx')],
  ['epub', 'application/epub+zip', '香蕉', fixture('report.epub')],
  ['html', 'text/html', '你好', Buffer.from('<h1>题</h1><p>你好')],
  ['markdown', 'text/markdown', '你好', Buffer.from('# 题\n\n你好')],
  ['csv', 'text/csv', '上海', Buffer.from('城市,人口\n上海,2487\n')],
];

for (const [id, mimeType, word, good] of cases) {
  documentExam(
    id,
    () => documentEntry(mimeType, 'document').create(),
    async () => ({
      good,
      word,
      mimeType,
      broken: [good.subarray(0, good.length / 2), Buffer.alloc(200, 'x'), Buffer.alloc(100), good.subarray(0, 4)],
    }),
  );
}
