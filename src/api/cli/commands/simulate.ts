import { type Command, InvalidArgumentError, Option } from 'commander';
import { escapeHidden } from '../../../gateway/core/hidden-text.ts';
import { type CommandContext, example } from '../command-context.ts';
import { addSimulateFleet } from './simulate-fleet.ts';
import { addSimulateSite } from './simulate-site.ts';

export function addSimulate(program: Command, context: CommandContext): void {
	const simulate = program
		.command('simulate')
		.summary('play a device, a site, or many sites')
		.description(
			"Plays the device's side of the wire, one site with its vehicles, or a fleet of sites before a broker and a central.",
		)
		.addHelpText('after', example('parkgate simulate device --driver osdp --port /dev/pts/3 --set address=5'));
	addDevice(simulate, context);
	addSimulateSite(simulate, context);
	addSimulateFleet(simulate, context);
}

interface SimulateFlags {
	driver: string;
	port: string;
	set: Record<string, unknown>;
	fault: string[];
	seed?: number;
}

function parseSeed(text: string): number {
	if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
	return Number(text);
}

function addDevice(simulate: Command, { handlers, terminal }: CommandContext): void {
	simulate
		.command('device')
		.summary('play a device on a real tty, or a camera that posts')
		.description(
			'Answers on a tty as the device would. What happens to it is typed or piped in, one line each:\n' +
				'card 26:9ADDDF00, input arming on; an unknown line lists what the device knows. The line\n' +
				'fault drop=0.2 delay=0.5 maxDelayMs=800 makes its wire a bad one, fault none a good one again.\n' +
				'A camera posts to the URL given as its port, or speaks at the broker there: plate 1ABC234, again, heartbeat.',
		)
		.addOption(
			new Option('--driver <name>', 'driver of the device').choices(handlers.driverKinds).makeOptionMandatory(),
		)
		.requiredOption('--port <tty|url>', 'tty to answer on, or for a camera the URL it posts to or its broker')
		.addOption(
			new Option('--set <name=value>', 'a setting of the device as in gateway.yaml; may be given again')
				.default({})
				.argParser(addSetting),
		)
		.addOption(
			new Option(
				'--fault <name=chance>',
				'what befalls its bytes: drop, truncate, corrupt, duplicate, noise, chunk, delay or babble, 0 to 1; may be given again',
			)
				.default([])
				.argParser((text: string, faults: string[]) => [...faults, text]),
		)
		.addOption(new Option('--seed <number>', 'of the faults; the same seed makes the same ones').argParser(parseSeed))
		.addHelpText(
			'after',
			example(
				'parkgate simulate device --driver osdp --port /dev/pts/3 --set address=5',
				'parkgate simulate device --driver rdm6300 --port /dev/pts/3 --fault drop=0.2 --fault babble=0.5',
				'parkgate simulate device --driver modbus-relay --port /dev/pts/4 --set outputs.open=1 --set inputs.arming=1',
				'parkgate simulate device --driver hikvision-push --port http://127.0.0.1:8081/ingest/cam-1',
			),
		)
		.action(async (options: SimulateFlags) => {
			using stimuli = terminal.lines();
			await handlers.simulateDevice({
				driver: options.driver,
				port: options.port,
				settings: options.set,
				faults: options.fault,
				...(options.seed !== undefined && { seed: options.seed }),
				stimuli,
				onNote: (note) => terminal.err(`${escapeHidden(note)}\n`),
				signal: terminal.interrupted(),
			});
		});
}

/** `inputs.arming=1` becomes `{ inputs: { arming: 1 } }`; a value that is JSON is read as such. */
function addSetting(text: string, settings: Record<string, unknown>): Record<string, unknown> {
	const match = /^([a-zA-Z][\w-]*(?:\.[a-zA-Z][\w-]*)*)=(.*)$/s.exec(text);
	if (match === null) throw new InvalidArgumentError('It has the form name=value.');
	const [, name = '', value = ''] = match;
	const parts = name.split('.');
	const last = parts.pop() ?? '';
	const changed = structuredClone(settings);
	let section: object = changed;
	for (const part of parts) {
		const inner: unknown = Object.hasOwn(section, part) ? Reflect.get(section, part) : undefined;
		const next = typeof inner === 'object' && inner !== null ? inner : {};
		setOwn(section, part, next);
		section = next;
	}
	setOwn(section, last, jsonOrText(value));
	return changed;
}

/** As data even for names such as `__proto__`. */
function setOwn(section: object, name: string, value: unknown): void {
	Object.defineProperty(section, name, { value, enumerable: true, configurable: true, writable: true });
}

function jsonOrText(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		if (error instanceof SyntaxError) return text;
		throw error;
	}
}
