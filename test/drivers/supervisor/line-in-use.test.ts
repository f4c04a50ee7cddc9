import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { modbusRelay } from '../../../src/drivers/modbus-relay/index.ts';
import { createOpenPort } from '../../../src/drivers/ports/open-port.ts';
import { type SimulatorOnTty, serveSimulatorOnTty } from '../../../src/drivers/ports/simulator-on-tty.ts';
import { parseEntry } from '../../support/link-bench.ts';
import { createPtyPair, type PtyPair } from '../../support/pty-pair.ts';
import { createSupervisorBench } from '../../support/supervisor-bench.ts';
import { wallClock } from '../../support/wall-clock.ts';

describe('a line on a real tty', () => {
	let pair: PtyPair;
	let device: SimulatorOnTty | undefined;

	async function attach(): Promise<void> {
		const config = parseEntry(modbusRelay, { id: 'boom', port: pair.near, inputs: { arming: 1 } });
		device = await serveSimulatorOnTty({
			clock: wallClock,
			path: pair.far,
			line: modbusRelay.line(config),
			simulator: modbusRelay.createSimulator(wallClock, [config]),
			onLost: () => undefined,
		});
	}

	function supervise() {
		const boom = parseEntry(modbusRelay, { id: 'boom', port: pair.near, inputs: { arming: 1 } });
		return createSupervisorBench(wallClock, [boom], { openPort: createOpenPort(wallClock, () => undefined) });
	}

	beforeEach(async () => {
		pair = await createPtyPair();
		await attach();
	});
	afterEach(async () => {
		await device?.stop();
		await pair.close();
	});

	test('that another program uses is said to be in use, and taken once it is free', async () => {
		const other = supervise();
		other.supervisor.start();
		await vi.waitFor(() => expect(other.state('boom')).toBe('online'), 30_000);
		const { supervisor, state, problem } = supervise();
		supervisor.start();
		await vi.waitFor(() => expect(problem('boom')).toContain('is in use by another program'), 30_000);
		await other.supervisor.stop();
		await vi.waitFor(() => expect(state('boom')).toBe('online'), { timeout: 30_000 });
		await supervisor.stop();
	});
});
