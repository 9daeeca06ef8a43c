import { Parser } from 'htmlparser2';
import { broken, tooLarge } from './failure.ts';
import { LIMITS } from './limits.ts';

/** An element of markup. Names are without prefix (`p`, not `w:p`), those of attributes as they stand. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (Element | string)[];
}

/**
 * The outermost elements of an XML part that `wanted` names, each as soon as it is whole, so that memory holds one of them however
 * long the part is. Document types are passed over: no entity is ever declared, fetched or expanded. Of alternatives
 * (`mc:AlternateContent`) the fallback is left out. Throws `read.broken` for nesting that no program writes.
 */
export async function* elementsOf(
  chunks: AsyncIterable<Uint8Array>,
  wanted: ReadonlySet<string>,
  name: string,
): AsyncGenerator<Element> {
  const done: Element[] = [];
  const open: Element[] = [];
  let depth = 0;
  let passedOver = 0;
  let count = 0;
  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        depth += 1;
        if (depth > LIMITS.depth) throw broken(name, 'its markup is nested deeper than any program writes it');
        const local = localName(tag);
        if (passedOver > 0 || local === 'Fallback') {
          passedOver += 1;
          return;
        }
        const parent = open.at(-1);
        if (!parent && !wanted.has(local)) return;
        count = parent ? count + 1 : 0;
        if (count > LIMITS.elements) throw tooLarge(name, `has more than ${LIMITS.elements} elements in one piece`);
        const element: Element = { name: local, attributes, children: [] };
        parent?.children.push(element);
        open.push(element);
      },
      ontext(text) {
        const parent = passedOver > 0 ? undefined : open.at(-1);
        if (parent) addText(parent, text);
      },
      onclosetag() {
        depth -= 1;
        if (passedOver > 0) {
          passedOver -= 1;
          return;
        }
        const closed = open.pop();
        if (closed && open.length === 0) done.push(closed);
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  for await (const chunk of chunks) {
    decoder ??= new TextDecoder(xmlCharset(chunk));
    parser.write(decoder.decode(chunk, { stream: true }));
    yield* done.splice(0);
  }
  parser.end(decoder?.decode() ?? '');
  yield* done.splice(0);
}

/** The first element of a part that is called `root`, as a whole; an empty one where there is none. */
export async function elementOf(chunks: AsyncIterable<Uint8Array>, root: string, name: string): Promise<Element> {
  for await (const element of elementsOf(chunks, new Set([root]), name)) return element;
  return { name: root, attributes: {}, children: [] };
}

/** Adds text to an element, to its last text where there is one. */
export function addText(parent: Element, text: string): void {
  const last = parent.children.length - 1;
  const before = parent.children[last];
  if (typeof before === 'string') parent.children[last] = before + text;
  else parent.children.push(text);
}

function localName(tag: string): string {
  return tag.slice(tag.indexOf(':') + 1);
}

function xmlCharset(start: Uint8Array): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const declared = /^<\?xml[^>]{0,80}encoding=["']([\w-]{1,20})["']/.exec(
    Buffer.from(start).toString('latin1', 0, 120),
  );
  try {
    return new TextDecoder(declared?.[1] ?? 'utf-8').encoding;
  } catch {
    return 'utf-8';
  }
}

/** The child elements, all or those called `name`. */
export function children(parent: Element | undefined, name?: string): Element[] {
  if (!parent) return [];
  return parent.children.filter(
    (child): child is Element => typeof child !== 'string' && (name === undefined || child.name === name),
  );
}

/** The element a path of names leads to from `parent`. */
export function find(parent: Element | undefined, ...path: readonly string[]): Element | undefined {
  let at = parent;
  for (const name of path) at = children(at, name)[0];
  return at;
}

/** Every element called `name` at any depth, in order; those inside one that was found are not looked for. */
export function* descendants(parent: Element | undefined, name: string): Generator<Element> {
  for (const child of children(parent)) {
    if (child.name === name) yield child;
    else yield* descendants(child, name);
  }
}

/** An attribute by its name, whatever its prefix; one without a prefix goes first. */
export function attribute(element: Element | undefined, name: string): string | undefined {
  if (!element) return undefined;
  const plain = element.attributes[name];
  if (plain !== undefined) return plain;
  for (const key in element.attributes) if (key.endsWith(`:${name}`)) return element.attributes[key];
  return undefined;
}

/** The relation an element points to (`r:id`, `r:embed`): the attribute of that name that has a prefix. */
export function relationId(element: Element | undefined, name: string): string | undefined {
  for (const key in element?.attributes) if (key.endsWith(`:${name}`)) return element?.attributes[key];
  return undefined;
}

/** All text in an element, with nothing between. */
export function textOf(element: Element | string | undefined): string {
  if (element === undefined) return '';
  return typeof element === 'string' ? element : element.children.map(textOf).join('');
}

/** Whether a setting such as `<w:b/>` is on: it is there and its value does not say otherwise (ECMA-376-1, 17.17.4). */
export function isOn(element: Element | undefined): boolean {
  return element !== undefined && !/^(0|false|off|none)$/.test(attribute(element, 'val') ?? 'true');
}
