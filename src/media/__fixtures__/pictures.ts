/** Heads of pictures that claim a size; nothing in them could be decoded. */
export const claims: Readonly<Record<string, (width: number, height: number, frames?: number) => Buffer>> = {
  png: (width, height, frames) => {
    const chunk = (type: string, ...numbers: number[]) => {
      const body = Buffer.alloc(numbers.length * 4);
      numbers.forEach((number, at) => body.writeUInt32BE(number, at * 4));
      const size = Buffer.alloc(4);
      size.writeUInt32BE(body.length);
      return Buffer.concat([size, Buffer.from(type), body, Buffer.alloc(4)]);
    };
    const ihdr = Buffer.concat([Buffer.from([0, 0, 0, 13]), Buffer.from('IHDR'), Buffer.alloc(17)]);
    ihdr.writeUInt32BE(width, 8);
    ihdr.writeUInt32BE(height, 12);
    ihdr.set([8, 6], 16);
    const animation = frames === undefined ? [] : [chunk('acTL', frames, 0)];
    return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ihdr, ...animation, chunk('IDAT'), chunk('IEND')]);
  },
  gif: (width, height, frames = 1) => {
    const screen = Buffer.from('GIF89a\0\0\0\0\x80\0\0', 'latin1');
    screen.writeUInt16LE(1, 6);
    screen.writeUInt16LE(1, 8);
    const frame = Buffer.from('21f90400000000002c000000000000000000020144003b', 'hex').subarray(0, -1);
    frame.writeUInt16LE(width, 13);
    frame.writeUInt16LE(height, 15);
    return Buffer.concat([screen, Buffer.alloc(6), ...Array.from({ length: frames }, () => frame), Buffer.from(';')]);
  },
  webp: (width, height, frames = 0) => {
    const chunk = (type: string, body: Buffer) => {
      const head = Buffer.alloc(8);
      head.write(type);
      head.writeUInt32LE(body.length, 4);
      return Buffer.concat([head, body]);
    };
    const canvas = Buffer.alloc(10);
    canvas.writeUIntLE(width - 1, 4, 3);
    canvas.writeUIntLE(height - 1, 7, 3);
    const anmf = Array.from({ length: frames }, () => chunk('ANMF', Buffer.alloc(16)));
    const body = Buffer.concat([Buffer.from('WEBP'), chunk('VP8X', canvas), ...anmf, chunk('VP8 ', Buffer.alloc(10))]);
    return chunk('RIFF', body);
  },
  jpg: (width, height) => {
    const sof = Buffer.from('ffc0001108000000000301220002110103110', 'hex');
    sof.writeUInt16BE(height, 5);
    sof.writeUInt16BE(width, 7);
    // A comment that holds a small frame header, behind a fill byte that not everybody skips.
    const comment = Buffer.from('fffffe001effc00011080010001003012200021101031101aaaaaaaaaaaaaaaaaa', 'hex');
    return Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), comment, sof, Buffer.from('ffd9', 'hex')]);
  },
  bmp: (width, height) => {
    const head = Buffer.alloc(54);
    head.write('BM');
    head.writeUInt32LE(54, 10);
    head.writeUInt32LE(40, 14);
    head.writeInt32LE(width, 18);
    head.writeInt32LE(-height, 22);
    return head;
  },
  tiff: (width, height, frames = 1) => {
    const directory = (at: number, last: boolean) => {
      const bytes = Buffer.alloc(2 + 24 + 4);
      bytes.writeUInt16LE(2, 0);
      [256, 257].forEach((tag, index) => {
        bytes.writeUInt16LE(tag, 2 + index * 12);
        bytes.writeUInt16LE(4, 4 + index * 12);
        bytes.writeUInt32LE(1, 6 + index * 12);
        bytes.writeUInt32LE(index === 0 ? width : height, 10 + index * 12);
      });
      bytes.writeUInt32LE(last ? 0 : at + bytes.length, 26);
      return bytes;
    };
    const head = Buffer.from('49492a00e8030000', 'hex');
    const pages = Array.from({ length: frames }, (_, index) => directory(1_000 + index * 30, index === frames - 1));
    return Buffer.concat([head, Buffer.alloc(992), ...pages]);
  },
};
