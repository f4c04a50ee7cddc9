import { watchOutputs } from '../../src/compose/output-watch.ts';
import { serveSimulatorOnTty } from '../../src/drivers/ports/simulator-on-tty.ts';
import { createDriverRegistry } from '../../src/drivers/registry.ts';
import { createSystemClock } from '../../src/system-clock.ts';

/** A relay board at the far end of a line, played here: it can be made to keep its answers to itself. */
export interface RelayBoard {
	/** Whether it answers what switches a relay on; it switches in any case. */
	answersWrites: boolean;
	/** How often relays went on. */
	pulses(): number;
	stop(): Promise<void>;
}

/** @param entry its entry in gateway.yaml, with the far end of the line as `port` */
export async function startRelayBoard(entry: { readonly id: string; readonly port: string }): Promise<RelayBoard> {
	const driver = createDriverRegistry().get('modbus-relay');
	if (driver.carrier !== 'serial') throw new Error('no serial driver');
	const config = driver.config.parse(entry);
	const clock = createSystemClock();
	let pulses = 0;
	const watched = watchOutputs({
		clock,
		simulator: driver.createSimulator(clock, [config]),
		deviceId: entry.id,
		onChange: (_, isOn) => {
			pulses += isOn ? 1 : 0;
		},
	});
	const board = { answersWrites: true };
	const running = await serveSimulatorOnTty({
		clock,
		path: entry.port,
		line: driver.line(config),
		simulator: {
			...watched.simulator,
			receive(bytes) {
				const before = pulses;
				const answers = watched.simulator.receive(bytes);
				return board.answersWrites || pulses === before ? answers : [];
			},
		},
		onLost: () => undefined,
	});
	return Object.assign(board, {
		pulses: () => pulses,
		async stop() {
			watched.stop();
			await running.stop();
		},
	});
}
