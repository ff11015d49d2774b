/** The one check that every runtime makes before it runs a program: all inputs there, each in its shape and type. */
import { LabError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { sameShape, showShape } from '../graph/value.ts';
import type { DeviceTensors } from './runtime.ts';

export function checkInputs(graph: Graph, inputs: DeviceTensors): void {
  for (const [name, { shape, type }] of graph.inputs) {
    const given = inputs[name];
    if (given === undefined)
      throw new LabError('bad-argument', `The program's input "${name}" was not given.`);
    if (!sameShape(given.shape, shape) || given.type !== type) {
      const [wanted, got] = [`${type} ${showShape(shape)}`, `${given.type} ${showShape(given.shape)}`];
      throw new LabError('bad-argument', `The program's input "${name}" must be ${wanted}, not ${got}.`);
    }
  }
}
