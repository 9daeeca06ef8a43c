import { Parser } from 'htmlparser2';
import { tooLarge } from '../../files/failure.ts';
import { addText, type Element } from '../../files/tree.ts';

/** Deeper elements become neighbours, as in browsers. */
const DEPTH = 512;
/** Nobody nests this deep but to do harm. */
const HOSTILE_DEPTH = 20_000;
const MOST_ELEMENTS = 2_000_000;
const LEFT_OUT: ReadonlySet<string> = new Set(['script', 'style', 'template', 'iframe', 'object', 'canvas', 'svg']);

/** HTML as a tree, bounded in depth and size. Scripts, styles and what is drawn are left out; nothing is ever fetched. */
export function htmlTree(html: string, name: string, xml = false): Element {
  const root: Element = { name: 'root', attributes: {}, children: [] };
  // Each open element, `null` where it is left out or too deep.
  const open: { readonly name: string; readonly element: Element | null }[] = [];
  const parents: Element[] = [root];
  let passedOver = 0;
  let count = 0;
  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        const local = tag.slice(tag.indexOf(':') + 1).toLowerCase();
        if (open.length > HOSTILE_DEPTH) throw tooLarge(name, `nests more than ${HOSTILE_DEPTH} elements`);
        count += 1;
        if (count > MOST_ELEMENTS) throw tooLarge(name, `has more than ${MOST_ELEMENTS} elements`);
        const leaves = LEFT_OUT.has(local) || isHidden(attributes);
        if (passedOver > 0 || leaves) {
          passedOver += 1;
          open.push({ name: local, element: null });
          return;
        }
        const element: Element = { name: local, attributes, children: [] };
        parents.at(-1)?.children.push(element);
        const deep = parents.length > DEPTH;
        if (!deep) parents.push(element);
        open.push({ name: local, element: deep ? null : element });
      },
      ontext(text) {
        const parent = parents.at(-1);
        if (passedOver === 0 && parent) addText(parent, text);
      },
      onclosetag() {
        const closed = open.pop();
        if (closed?.element) parents.pop();
        else if (passedOver > 0) passedOver -= 1;
      },
    },
    { xmlMode: xml, decodeEntities: true },
  );
  parser.write(html);
  parser.end();
  return root;
}

function isHidden(attributes: Readonly<Record<string, string>>): boolean {
  if (attributes.hidden !== undefined && attributes.hidden !== 'until-found') return true;
  const style = attributes.style;
  return style !== undefined && /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)/i.test(style);
}
