/** The one check that every runtime makes before it runs a program: all inputs there, each in its shape and type. */
import { LabError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { sizesIn } from '../graph/open-sizes.ts';
import { type Shape, sameShape, showShape } from '../graph/value.ts';
import type { DeviceTensors } from './runtime.ts';

/** @returns the shape in this run of a shape in the graph */
export function checkInputs(graph: Graph, inputs: DeviceTensors): (shape: Shape) => Shape {
  const size = sizesIn(graph, (name) => inputs[name]?.shape);
  const actual = graph.open.size === 0 ? (shape: Shape) => shape : (shape: Shape) => shape.map(size);
  for (const [name, { shape, type }] of graph.inputs) {
    const given = inputs[name];
    if (given === undefined)
      throw new LabError('bad-argument', `The program's input "${name}" was not given.`);
    const expected = actual(shape);
    if (!sameShape(given.shape, expected) || given.type !== type) {
      const [wanted, got] = [`${type} ${showShape(expected)}`, `${given.type} ${showShape(given.shape)}`];
      throw new LabError('bad-argument', `The program's input "${name}" must be ${wanted}, not ${got}.`);
    }
  }
  return actual;
}
