import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sniff } from './sniff.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sensorium-sniff-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function sniffed(bytes: Uint8Array | string) {
  const path = join(folder, 'file');
  await writeFile(path, bytes);
  const { kind, mimeType } = await sniff(path);
  return `${kind} ${mimeType}`;
}

/** A compound file (MS-CFB) with nothing but a directory. */
function compound(stream: string): Buffer {
  const file = Buffer.alloc(4_096);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(file);
  file.writeUInt16LE(9, 30);
  file.writeUInt32LE(1, 48);
  for (const [index, name] of ['Root Entry', stream].entries()) {
    const at = 1_024 + index * 128;
    file.write(name, at, 'utf16le');
    file.writeUInt16LE(name.length * 2 + 2, at + 64);
  }
  return file;
}

describe('texts are told apart by how they are written', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['a page', '<!DOCTYPE html>\n<html><body>你好', 'document text/html'],
    ['a page behind a comment', '<!-- saved -->\n<html lang="zh">', 'document text/html'],
    ['a page in GBK', Buffer.from('<html><body>\xc4\xe3\xba\xc3', 'latin1'), 'document text/html; charset=gb18030'],
    ['a page in UTF-16', Buffer.from('\ufeff<html><p>你好', 'utf16le'), 'document text/html; charset=utf-16le'],
    ['a page in Latin-1', Buffer.from('<html><p>caf\xe9 \xff', 'latin1'), 'document text/html'],
    ['a page as XML', '<?xml version="1.0"?><!DOCTYPE html><html/>', 'document application/xhtml+xml'],
    ['other XML', '<?xml version="1.0"?><a/>', 'text application/xml'],
    ['a fragment, as Markdown begins too', '<p align="center">Logo</p>\n\ntext', 'text text/plain'],
    ['bytes after a page', Buffer.from('<html>\0\x01\xff'), 'null application/octet-stream'],
    ['a table', '城市,人口\n上海,2487\n北京,2189\n', 'text text/csv'],
    ['a quoted table', 'a;b\n"x;y";1\nz;2\n', 'text text/csv'],
    ['a table with tabs', 'a\tb\n1\t2\n3\t4\n', 'text text/tab-separated-values'],
    ['prose with commas', 'Dear Ann, hello\nMany thanks, yours\nBob, friend\n', 'text text/plain'],
    ['JSON lines', '{"a":1,"b":2}\n{"a":3,"b":4}\n', 'text text/plain'],
    ['a program', 'let a = 1;\nlet b = 2;\nlet c = 3;\n', 'text text/plain'],
    ['Markdown', '# 标题\n\n- 一\n- 二\n', 'text text/markdown'],
    ['a list alone', '- milk\n- bread\n', 'text text/plain'],
    ['prose', '你好，这是一段文字。\n第二行，也是。\n', 'text text/plain'],
  ])('%s', async (_, bytes, expected) => expect(await sniffed(bytes)).toBe(expected));
});

describe('compound files say what they hold', () => {
  it.each<[string, string]>([
    ['WordDocument', 'document application/msword'],
    ['Workbook', 'document application/vnd.ms-excel'],
    ['PowerPoint Document', 'document application/vnd.ms-powerpoint'],
    ['EncryptedPackage', 'document application/vnd.ms-office.encrypted'],
    ['Something', 'null application/x-cfb'],
  ])('%s', async (stream, expected) => expect(await sniffed(compound(stream))).toBe(expected));

  it('whatever their directory claims', async () => {
    for (const at of [30, 48]) {
      const file = compound('WordDocument');
      file.fill(0xff, at, at + 4);
      expect(await sniffed(file)).toBe('null application/x-cfb');
    }
    expect(await sniffed(compound('WordDocument').subarray(0, 600))).toBe('null application/x-cfb');
  });
});
