import { watchOutputs } from '../../src/compose/output-watch.ts';
import { serveSimulatorOnTty } from '../../src/drivers/ports/simulator-on-tty.ts';
import { createDriverRegistry } from '../../src/drivers/registry.ts';
import { wallClock } from './wall-clock.ts';

/** When an output went on or off, monotonic ms of this process. */
export interface Switching {
	readonly output: string;
	readonly isOn: boolean;
	readonly atMs: number;
}

/** A relay board at the far end of a line, played here: what its relays did is kept. */
export interface RelayOnTty {
	readonly switchings: readonly Switching[];
	isOn(output: string): boolean;
	stop(): Promise<void>;
}

/** @param entry its entry in gateway.yaml, with the far end of the line as `port` */
export async function startRelayOnTty(entry: {
	readonly id: string;
	readonly driver: string;
	readonly port: string;
}): Promise<RelayOnTty> {
	const driver = createDriverRegistry().get(entry.driver);
	if (driver.carrier !== 'serial') throw new Error('no serial driver');
	const config = driver.config.parse(entry);
	const switchings: Switching[] = [];
	const simulator = driver.createSimulator(wallClock, [config]);
	const watched = watchOutputs({
		clock: wallClock,
		simulator,
		deviceId: entry.id,
		onChange: (output, isOn) => void switchings.push({ output, isOn, atMs: performance.now() }),
	});
	const running = await serveSimulatorOnTty({
		clock: wallClock,
		path: entry.port,
		line: driver.line(config),
		simulator: watched.simulator,
		onLost: () => undefined,
	});
	return {
		switchings,
		isOn: (output) => simulator.outputs(entry.id)[output] === true,
		async stop() {
			watched.stop();
			await running.stop();
		},
	};
}
