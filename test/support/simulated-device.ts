import process from 'node:process';
import { PARKGATE, type Program, startProgram, until } from './program.ts';

/** `parkgate simulate device` as a process of its own: the device's side of a real tty. */
export interface SimulatedDevice extends AsyncDisposable {
	readonly program: Program;
	/** Something happens to it; resolves once it did. Rejects with what the device says it knows. */
	stimulate(what: string): Promise<void>;
	/** How often an output went on so far. */
	pulses(output: string): number;
	/** A pulse that comes while it is on makes it no second time. */
	isOn(output: string): boolean;
}

export async function startSimulatedDevice(
	driver: string,
	port: string,
	settings: Readonly<Record<string, string | number>> = {},
): Promise<SimulatedDevice> {
	const set = Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
	const args = ['simulate', 'device', '--driver', driver, '--port', port, ...set];
	const program = startProgram([process.execPath, PARKGATE, ...args]);
	const notes = () => program.stderr().split('\n').slice(0, -1);
	await until(() => {
		if (!notes().some((note) => note.endsWith(`answers at ${port}`))) throw new Error(`simulator: ${program.stderr()}`);
	});
	let asked = 0;
	const answers = () =>
		notes()
			.filter((note) => !note.startsWith('output '))
			.slice(1);
	return {
		program,
		async stimulate(what) {
			asked += 1;
			program.type(what);
			const answer = await until(() => {
				const said = answers()[asked - 1];
				if (said === undefined) throw new Error(`no answer to ${what}: ${program.stderr()}`);
				return said;
			});
			if (answer !== `done: ${what}`) throw new Error(answer);
		},
		isOn: (output) => notes().findLast((note) => note.startsWith(`output ${output} `)) === `output ${output} on`,
		pulses: (output) => notes().filter((note) => note === `output ${output} on`).length,
		[Symbol.asyncDispose]: program.kill,
	};
}
