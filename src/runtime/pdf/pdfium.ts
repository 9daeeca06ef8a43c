import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadOptional } from '../optional.ts';

type Plain = (...numbers: number[]) => number;

/** The functions of PDFium that are used (`public/fpdf*.h`), called without a wrapper: pointers are numbers. */
const USED = [
  'FPDF_LoadCustomDocument',
  'FPDF_CloseDocument',
  'FPDF_GetLastError',
  'FPDF_GetPageCount',
  'FPDF_GetMetaText',
  'FPDF_LoadPage',
  'FPDF_ClosePage',
  'FPDF_GetPageWidthF',
  'FPDF_GetPageHeightF',
  'FPDF_PageToDevice',
  'FPDF_RenderPageBitmap',
  'FPDFBitmap_CreateEx',
  'FPDFBitmap_FillRect',
  'FPDFBitmap_GetBuffer',
  'FPDFBitmap_GetStride',
  'FPDFBitmap_Destroy',
  'FPDFBookmark_GetFirstChild',
  'FPDFBookmark_GetNextSibling',
  'FPDFBookmark_GetTitle',
  'FPDFBookmark_GetDest',
  'FPDFBookmark_GetAction',
  'FPDFAction_GetDest',
  'FPDFAction_GetURIPath',
  'FPDFDest_GetDestPageIndex',
  'FPDFLink_Enumerate',
  'FPDFLink_GetAction',
  'FPDFLink_GetAnnotRect',
  'FPDFPage_GetAnnotCount',
  'FPDFPage_GetAnnot',
  'FPDFPage_CloseAnnot',
  'FPDFAnnot_GetSubtype',
  'FPDFPage_Flatten',
  'FPDFPage_CountObjects',
  'FPDFPage_GetObject',
  'FPDFFormObj_CountObjects',
  'FPDFFormObj_GetObject',
  'FPDFPageObj_GetType',
  'FPDFPageObj_GetBounds',
  'FPDFPageObj_GetMatrix',
  'FPDFPageObj_HasTransparency',
  'FPDFPath_CountSegments',
  'FPDFTextObj_GetFont',
  'FPDFTextObj_GetTextRenderMode',
  'FPDFFont_GetIsEmbedded',
  'FPDFFont_GetWeight',
  'FPDFFont_GetBaseFontName',
  'FPDFText_LoadPage',
  'FPDFText_ClosePage',
  'FPDFText_CountChars',
  'FPDFText_GetUnicode',
  'FPDFText_IsGenerated',
  'FPDFText_HasUnicodeMapError',
  'FPDFText_GetTextObject',
  'FPDFText_GetFontSize',
  'FPDFText_GetMatrix',
  'FPDFText_GetCharOrigin',
  'FPDFText_GetLooseCharBox',
] as const;

type Functions = Readonly<Record<(typeof USED)[number], Plain>>;

/** Emscripten's views of the memory. They are other arrays once it has grown. */
interface Memory {
  readonly HEAPU8: Uint8Array;
  readonly HEAPF32: Float32Array;
  readonly HEAPF64: Float64Array;
}

/** PDFium with a few bytes of its memory to exchange numbers through. */
export interface Pdfium extends Functions {
  /** A place of 128 bytes that every call may write to. */
  readonly scratch: number;
  malloc(bytes: number): number;
  free(pointer: number): void;
  bytes(pointer: number, length: number): Uint8Array;
  float(pointer: number): number;
  double(pointer: number): number;
  int(pointer: number): number;
  setInt(pointer: number, value: number): void;
  /** Makes a function of ours callable from inside; `signature` as in Emscripten: result first, `i` for 32 bits. */
  callback(called: (...numbers: number[]) => number, signature: string): number;
}

/** PDFium, loaded when first needed. Only worker processes should: every call blocks, and a crafted file can end the process. */
export async function loadPdfium(): Promise<Pdfium> {
  const { init } = await loadOptional('@embedpdf/pdfium', () => import('@embedpdf/pdfium'));
  const wasm = await readFile(fileURLToPath(import.meta.resolve('@embedpdf/pdfium/pdfium.wasm')));
  const wasmBinary = wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer;
  const { pdfium } = await init({ wasmBinary } as Parameters<typeof init>[0]);
  const raw = pdfium as unknown as Record<string, Plain>;
  const memory = pdfium as unknown as Memory;
  const named = USED.map((name) => {
    const found = raw[`_${name}`];
    if (!found) throw new Error(`PDFium has no ${name}`);
    return [name, found] as const;
  });
  raw._PDFiumExt_Init?.();
  const { malloc, free } = pdfium.wasmExports;
  const view = () => new DataView(memory.HEAPU8.buffer);
  return {
    ...(Object.fromEntries(named) as unknown as Functions),
    scratch: malloc(128),
    malloc,
    free,
    bytes: (pointer, length) => memory.HEAPU8.subarray(pointer, pointer + length),
    float: (pointer) => memory.HEAPF32[pointer >> 2] ?? 0,
    double: (pointer) => memory.HEAPF64[pointer >> 3] ?? 0,
    int: (pointer) => view().getInt32(pointer, true),
    setInt: (pointer, value) => view().setInt32(pointer, value, true),
    callback: (called, signature) => pdfium.addFunction(called, signature),
  };
}
