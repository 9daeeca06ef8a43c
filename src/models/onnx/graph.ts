import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor } from './schema.ts';

/** Who makes and who uses each value of a graph. Made once; make it anew after changing the graph. */
export interface GraphIndex {
  readonly producer: ReadonlyMap<string, OnnxNode>;
  /** Nodes that use a value, also from inside a branch or loop body. */
  readonly consumers: ReadonlyMap<string, readonly OnnxNode[]>;
  readonly initializer: ReadonlyMap<string, OnnxTensor>;
}

/** Finds out who makes and who uses each value. */
export function indexGraph(graph: OnnxGraph): GraphIndex {
  const producer = new Map<string, OnnxNode>();
  const consumers = new Map<string, OnnxNode[]>();
  for (const node of graph.node) {
    for (const name of node.output) if (name) producer.set(name, node);
    for (const name of usedBy(node)) {
      const users = consumers.get(name);
      if (users) users.push(node);
      else consumers.set(name, [node]);
    }
  }
  return { producer, consumers, initializer: new Map(graph.initializer.map((tensor) => [tensor.name ?? '', tensor])) };
}

/** Names of all values a node reads: its inputs and what its branches or loop bodies take from outside. */
export function usedBy(node: OnnxNode): Set<string> {
  const used = new Set(node.input.filter((name) => name !== ''));
  for (const graph of subgraphsOf(node)) {
    const inside = new Set<string>();
    for (const tensor of graph.initializer) inside.add(tensor.name ?? '');
    for (const input of graph.input) inside.add(input.name);
    for (const inner of graph.node) for (const name of inner.output) inside.add(name);
    const wanted = [...graph.node.flatMap((inner) => [...usedBy(inner)]), ...graph.output.map((output) => output.name)];
    for (const name of wanted) if (!inside.has(name)) used.add(name);
  }
  return used;
}

/** The one node that reads a node's first output; none when several do or the graph hands that output out. */
export function onlyUserOf(graph: OnnxGraph, index: GraphIndex, node: OnnxNode): OnnxNode | undefined {
  const output = node.output[0] ?? '';
  const users = index.consumers.get(output) ?? [];
  return users.length === 1 && !graph.output.some((given) => given.name === output) ? users[0] : undefined;
}

/** The branches or loop bodies of a node. */
export function subgraphsOf(node: OnnxNode): OnnxGraph[] {
  return node.attribute.flatMap((attribute) => [...(attribute.g ? [attribute.g] : []), ...(attribute.graphs ?? [])]);
}

/** One attribute of a node by its name. */
export function attributeOf(node: OnnxNode, name: string): OnnxAttribute | undefined {
  return node.attribute.find((attribute) => attribute.name === name);
}

/** Drops nodes that no graph output needs, then weights and value descriptions that no node mentions. Order is kept. */
export function pruneUnused(graph: OnnxGraph): { nodes: number; initializers: number } {
  const { producer } = indexGraph(graph);
  const needed = new Set<string>();
  const kept = new Set<OnnxNode>();
  const open = graph.output.map((output) => output.name);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    const node = producer.get(name);
    if (!node || kept.has(node)) continue;
    kept.add(node);
    open.push(...usedBy(node));
  }
  const before = { nodes: graph.node.length, initializers: graph.initializer.length };
  graph.node = graph.node.filter((node) => kept.has(node));
  graph.initializer = graph.initializer.filter((tensor) => needed.has(tensor.name ?? ''));
  const made = new Set(graph.node.flatMap((node) => node.output));
  graph.valueInfo = graph.valueInfo.filter((info) => made.has(info.name) || needed.has(info.name));
  return { nodes: before.nodes - graph.node.length, initializers: before.initializers - graph.initializer.length };
}
