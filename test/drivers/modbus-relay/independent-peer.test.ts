import modbusSerial from 'modbus-serial';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { modbusRelay } from '../../../src/drivers/modbus-relay/index.ts';
import { createOpenPort } from '../../../src/drivers/ports/open-port.ts';
import { serveSimulatorOnTty } from '../../../src/drivers/ports/simulator-on-tty.ts';
import type { InputChange } from '../../../src/gateway/core/device.ts';
import { parseEntry } from '../../support/link-bench.ts';
import { createPtyPair, type PtyPair } from '../../support/pty-pair.ts';
import { createSupervisorBench } from '../../support/supervisor-bench.ts';
import { wallClock } from '../../support/wall-clock.ts';

const { default: ModbusRTU, ServerSerial } = modbusSerial;

// modbus-serial (Yaacov Zamir and others) shares no code with this driver: what both agree on is Modbus.
describe('the relay driver beside modbus-serial on a real tty', () => {
	let pair: PtyPair;
	let pulse: NodeJS.Timeout;
	beforeEach(async () => {
		pair = await createPtyPair();
		// Its own serial port waits for other events of the process before it reads (serialport/bindings-cpp#239).
		pulse = setInterval(() => undefined, 5);
	});
	afterEach(async () => {
		clearInterval(pulse);
		await pair.close();
	});

	test('the simulator answers its client', async () => {
		const board = parseEntry(modbusRelay, {
			id: 'boom',
			port: pair.far,
			unit: 255,
			outputs: { open: 1, close: 8 },
			inputs: { arming: 1, safety: { channel: 5, invert: true } },
		});
		const device = await serveSimulatorOnTty({
			clock: wallClock,
			path: pair.far,
			line: modbusRelay.line(board),
			simulator: modbusRelay.createSimulator(wallClock, [board]),
			onLost: () => undefined,
		});
		const client = new ModbusRTU();
		await client.connectRTUBuffered(pair.near, { baudRate: 9600 });
		client.setID(255);
		client.setTimeout(2_000);
		const coils = async () => (await client.readCoils(0, 8)).data.slice(0, 8).map(Number).join('');

		expect((await client.readDiscreteInputs(0, 8)).data.slice(0, 8).map(Number).join('')).toBe('00001000');
		device.stimulate('boom', 'input arming on');
		expect((await client.readDiscreteInputs(0, 8)).data.slice(0, 8).map(Number).join('')).toBe('10001000');
		await client.writeCoil(7, true);
		expect(await coils()).toBe('00000001');
		await client.writeCoils(0, [true, true, false, false, false, false, false, false]);
		expect(await coils()).toBe('11000000');
		await client.writeCoils(
			0,
			Array.from({ length: 8 }, () => false),
		);
		expect(await coils()).toBe('00000000');
		await expect(client.readCoils(0, 9)).rejects.toMatchObject({ modbusCode: 2 });
		await expect(client.readHoldingRegisters(0, 1)).rejects.toMatchObject({ modbusCode: 1 });
		await expect(client.writeCoil(100, true)).rejects.toMatchObject({ modbusCode: 2 });

		await new Promise<void>((resolve) => client.close(() => resolve()));
		await device.stop();
	});

	test('the driver polls and pulses its server', async () => {
		const coils = new Map<number, boolean>();
		const inputs = new Map<number, boolean>([[4, true]]);
		const server = new ServerSerial(
			{
				getCoil: (address: number) => coils.get(address) ?? false,
				getDiscreteInput: (address: number) => inputs.get(address) ?? false,
				setCoil: (address: number, value: boolean) => {
					coils.set(address, value);
				},
			},
			{ path: pair.far, baudRate: 9600, unitID: 1 },
		);
		const changes: InputChange[] = [];
		const boom = parseEntry(modbusRelay, {
			id: 'boom',
			port: pair.near,
			outputs: { open: 3 },
			inputs: { arming: 1, safety: { channel: 5, invert: true } },
			pulseMode: 'coil',
		});
		const { supervisor, state } = createSupervisorBench(wallClock, [boom], {
			openPort: createOpenPort(wallClock, () => undefined),
			events: {
				onObservation: () => undefined,
				onInput: (change) => void changes.push(change),
				onStatus: () => undefined,
			},
		});
		supervisor.start();
		await vi.waitFor(() => expect(state('boom')).toBe('online'), 10_000);
		await vi.waitFor(() => expect(changes).toHaveLength(2), 10_000);
		expect(changes.map(({ input, active }) => `${input} ${active}`).sort()).toEqual(['arming false', 'safety false']);
		inputs.set(0, true);
		await vi.waitFor(() => expect(changes.at(-1)).toMatchObject({ input: 'arming', active: true }), 10_000);

		const deadlineMonotonicMs = wallClock.monotonicMs() + 5_000;
		const pulsed = supervisor.device('boom')?.opens?.pulse({ output: 'open', durationMs: 300, deadlineMonotonicMs });
		await vi.waitFor(() => expect(coils.get(2)).toBe(true), { timeout: 5_000, interval: 5 });
		expect(await pulsed).toEqual({ result: 'done' });
		await vi.waitFor(() => expect(coils.get(2)).toBe(false), { timeout: 5_000, interval: 5 });

		await supervisor.stop();
		await new Promise<void>((resolve) => server.close(() => resolve()));
	});
});
