// Draws the life of a lane from the code: random walks over the machine itself, every change of phase seen is an arrow.
// Writes docs/lane.md; with --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createSeededRandom } from '../src/gateway/core/seeded-random.ts';
import { aLane } from '../test/support/access-facts.ts';
import { createLaneBench } from '../test/support/lane-bench.ts';

const file = path.join(path.dirname(import.meta.dirname), 'docs', 'lane.md');
const WALKS = 4_000;
const STEPS = 24;

const ACTIONS = {
	'arming on': (lane) => lane.loop('arming', true),
	'arming off': (lane) => lane.loop('arming', false),
	'safety on': (lane) => lane.loop('safety', true),
	'safety off': (lane) => lane.loop('safety', false),
	'closing on': (lane) => lane.loop('closing', true),
	'closing off': (lane) => lane.loop('closing', false),
	'read that opens': (lane) => lane.tag(),
	'read that does not': (lane) => lane.tag('STRANGE'),
	'operator vends': (lane) => lane.remoteVend(),
	'barrier confirms': (lane) => lane.vended('done'),
	'pulse failed': (lane) => lane.vended('failed'),
	'pulse unanswered': (lane) => lane.vended('unknown'),
	'time-out': (lane) => lane.wait(31_000),
};

const transitions = new Map();
for (const kind of ['entry', 'exit']) {
	const lane = kind === 'entry' ? aLane() : aLane({ kind, from: 'A1', to: 'outside' });
	const random = createSeededRandom(1);
	for (let walk = 0; walk < WALKS; walk += 1) {
		const bench = createLaneBench({ lane });
		for (let step = 0; step < STEPS; step += 1) {
			const name = random.pick(Object.keys(ACTIONS));
			// A time-out is one deadline, not all that follow from it.
			if (name === 'time-out') timeOut(bench);
			else note(bench, name, () => ACTIONS[name](bench));
		}
	}
}

function timeOut(bench) {
	note(bench, 'time-out', () => bench.nextTimeout());
}

function note(bench, name, act) {
	const from = bench.state().phase;
	act();
	const to = bench.state().phase;
	if (from === to) return;
	const key = `${from} --> ${to}`;
	const names = transitions.get(key) ?? new Set();
	names.add(name);
	transitions.set(key, names);
}

const arrows = [...transitions]
	.sort(([a], [b]) => a.localeCompare(b))
	.map(([key, names]) => `    ${key} : ${[...names].sort().join(', ')}`);
const text = `# The life of a lane

Generated from the machine itself by \`npm run diagrams\`: random walks over \`stepLane\` with a lane that has all
three loops, entry and exit; every change of phase that happened is an arrow. Rules and words: \`docs/architecture.md\`.

\`\`\`mermaid
stateDiagram-v2
    [*] --> idle
${arrows.join('\n')}
\`\`\`

Besides its phase a lane has a mode (normal, held open, closed to all, lockdown), a fire level, a hold output and an
arm whose limit switches are watched; see \`src/gateway/core/lane/step-mode.ts\` and \`step-arm.ts\`.

## What its inputs tell about themselves

Where the arm is, its limit switches say and nothing else: closed, open, moving (neither), or a fault. Told under
*Alarms and events at lanes*, shown at the lane, and over when the arm is seen right again:

| fault | after |
|---|---|
| both switches on | 1 s |
| neither on | \`travelMs\` (16 s unless set) |
| told to open, confirmed, and still down | \`travelMs\` |
| raised by nobody here (forced) | at once |
| still up after the last vehicle (held) | \`heldOpenAlarmMs\` |

A loop that is on for \`stuckLoopMs\` (15 min unless set; 0 turns it off) is told as stuck, and again when it is free. None
of this opens or closes anything: a lane with a broken switch goes on letting vehicles through. A switch whose device
is lost says nothing.

There is no command that closes: a barrier comes down by its own timer and under its own safety loop and photo cell. What
software does bring down is an arm whose hold it lets go, and that waits until nobody is on the safety loop (unless that
loop is told as stuck), and until 2 s after the arm was last asked up; under fire it does not happen at all.

Any input of any device may be a
lane's: \`loops: { arming: inputs-1.a }\` with \`barrier: boom-1\`.
`;

if (!process.argv.includes('--check')) {
	writeFileSync(file, text);
	console.log(`Wrote docs/lane.md with ${arrows.length} arrows.`);
} else if (readFileSync(file, 'utf8') !== text) {
	console.error('docs/lane.md is not what the code does. Run: npm run diagrams');
	process.exitCode = 1;
}
