import { rm } from 'node:fs/promises';
import { cancelled } from '#kit/abort.ts';
import { type HttpReply, request } from '#kit/http.ts';
import type { SourceTimeouts } from '../settings.ts';
import { errorCode, markUnreachable, meansNotThere, refuseUnreachable } from './reach.ts';
import { lengthOf, receive } from './receive.ts';
import { SourceFailure } from './source.ts';

export interface Download {
  readonly url: string;
  /** Sent to the first host only, never to one it redirects to. */
  readonly token?: string | null | undefined;
  readonly target: string;
  readonly file: { readonly sha256: string; readonly sizeBytes: number };
  readonly timeouts: SourceTimeouts;
  readonly signal: AbortSignal;
  onBytes(receivedBytes: number, totalBytes: number): void;
}

const MAX_REDIRECTS = 5;
const MAX_CUTS = 20;

/**
 * Fetches a file over HTTP into `target`, going on after the bytes that are there already. A connection that is cut is
 * taken up again, after the first time only as long as that brings something; then it is a `SourceFailure`.
 */
export async function download(want: Download): Promise<void> {
  for (let cuts = 0; ; cuts++) {
    const before = await lengthOf(want.target);
    try {
      await goOn(want, before);
      return;
    } catch (error) {
      if (want.signal.aborted) throw cancelled(want.signal);
      if (error instanceof SourceFailure || isLocal(error)) throw error;
      const moved = (await lengthOf(want.target)) > before;
      if (cuts === 0 || (moved && cuts < MAX_CUTS)) continue;
      throw new SourceFailure(`${new URL(want.url).host} broke off (${reason(error)})`);
    }
  }
}

async function goOn(want: Download, haveBytes: number): Promise<void> {
  const { sizeBytes } = want.file;
  const startByte = haveBytes < sizeBytes ? haveBytes : 0;
  const reply = await follow(want, startByte);
  const fromByte = reply.status === 206 ? startByte : 0;
  const offeredBytes = offeredLength(reply, fromByte);
  if (offeredBytes !== null && offeredBytes !== sizeBytes) {
    reply.body.destroy();
    throw new SourceFailure(`offers another file (${offeredBytes} bytes, not ${sizeBytes})`);
  }
  const length = await receive(reply.body, {
    target: want.target,
    fromByte,
    limitBytes: sizeBytes,
    signal: want.signal,
    onBytes: (receivedBytes) => want.onBytes(receivedBytes, sizeBytes),
  });
  if (length < sizeBytes) throw new Error(`ended after ${length} of ${sizeBytes} bytes`);
}

async function follow(want: Download, startByte: number): Promise<HttpReply> {
  const first = new URL(want.url);
  let address = first;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const reply = await send(want, address, startByte, address.origin === first.origin);
    const { status } = reply;
    if (status === 200 || status === 206) return reply;
    reply.body.destroy();
    if (status === 416 && startByte > 0) {
      await rm(want.target, { force: true });
      throw new SourceFailure(`${address.host} would not go on from byte ${startByte}`);
    }
    const next = status >= 300 && status < 400 ? reply.headers.location : undefined;
    if (!next) throw new SourceFailure(refusal(address.host, status));
    refuseOtherVersion(reply, want.file.sha256);
    const to = new URL(next, address);
    if (to.protocol !== 'https:' && to.protocol !== address.protocol) {
      throw new SourceFailure(`${address.host} points to an unsafe address (${to.protocol}//${to.host})`);
    }
    address = to;
  }
  throw new SourceFailure(`${first.host} redirects without end`);
}

async function send(want: Download, address: URL, startByte: number, trusted: boolean): Promise<HttpReply> {
  refuseUnreachable(address.host);
  try {
    return await request(address, {
      headers: {
        // Compressed on the way, neither the length nor a range would mean the file's bytes.
        'accept-encoding': 'identity',
        ...(startByte > 0 ? { range: `bytes=${startByte}-` } : {}),
        ...(want.token && trusted ? { authorization: `Bearer ${want.token}` } : {}),
      },
      signal: want.signal,
      connectTimeoutMs: want.timeouts.connectMs,
      headTimeoutMs: want.timeouts.headMs,
      stallTimeoutMs: want.timeouts.stallMs,
    });
  } catch (error) {
    if (want.signal.aborted) throw cancelled(want.signal);
    if (!meansNotThere(error)) throw new SourceFailure(`${address.host} did not answer (${reason(error)})`);
    throw markUnreachable(address.host, `${address.host} cannot be reached (${reason(error)})`);
  }
}

// The hub names the SHA-256 of a large file before it sends us to the bytes.
function refuseOtherVersion(reply: HttpReply, sha256: string): void {
  const named = reply.headers['x-linked-etag']?.replaceAll('"', '');
  if (named && /^[0-9a-f]{64}$/.test(named) && named !== sha256) {
    throw new SourceFailure(`offers another version of this file (SHA-256 ${named})`);
  }
}

function offeredLength(reply: HttpReply, fromByte: number): number | null {
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(reply.headers['content-range'] ?? '');
  if (reply.status === 206) {
    if (!range || Number(range[1]) !== fromByte) throw new SourceFailure('sent another part than it was asked for');
    return Number(range[2]);
  }
  const length = reply.headers['content-length'];
  return length === undefined ? null : Number(length);
}

function refusal(host: string, status: number): string {
  if (status === 401 || status === 403) return `${host} refused (HTTP ${status}); it may want a token`;
  return status === 404 ? `${host} does not have it (HTTP 404)` : `${host} answered HTTP ${status}`;
}

function isLocal(error: unknown): boolean {
  return /^(ENOSPC|EDQUOT|EACCES|EPERM|EROFS|EIO|EFBIG|ENOENT|ENOTDIR|EISDIR)$/.test(errorCode(error));
}

function reason(error: unknown): string {
  return errorCode(error) || (error instanceof Error ? error.message : String(error));
}
