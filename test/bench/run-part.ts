import process from 'node:process';
import { PARTS } from './parts.ts';

// node run-part.ts NAME: one part in a process of its own, its figures to the parent or to standard output.
const name = process.argv[2];
const part = PARTS.find((candidate) => candidate.name === name);
if (part === undefined) throw new Error(`no part ${name}`);
const figures = await part.run();
if (process.send === undefined) console.log(figures);
else process.send(figures, () => process.exit());
