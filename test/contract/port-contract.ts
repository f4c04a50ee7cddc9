import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Port, PortEvents, PortSettings } from '../../src/drivers/ports/port.ts';
import { GatewayError } from '../../src/gateway/core/gateway-error.ts';

/** What is opened; a HID device has no speed. */
export const LINE = { baud: 115_200 } as const satisfies PortSettings;

/** A carrier with its other end in the test's hand. */
export interface PortBench {
	createPort(events: PortEvents): Port;
	/** What arrived at the device's end since `forget`. */
	heard(): Uint8Array;
	forget(): void;
	/** The device speaks. */
	say(bytes: Uint8Array): void;
	unplug(): Promise<void>;
	plugIn(): Promise<void>;
	close(): Promise<void>;
}

interface Listener extends PortEvents {
	readonly bytes: number[];
	readonly problems: string[];
}

function listen(): Listener {
	const bytes: number[] = [];
	const problems: string[] = [];
	return {
		bytes,
		problems,
		onBytes: (chunk) => void bytes.push(...chunk),
		onClosed: (problem) => void problems.push(problem),
	};
}

async function refusalOf(work: Promise<unknown>): Promise<GatewayError> {
	try {
		await work;
	} catch (error) {
		if (error instanceof GatewayError) return error;
		throw error;
	}
	throw new Error('it did not reject');
}

/** What every carrier of bytes does, real or simulated. */
export function portContract(name: string, createBench: () => Promise<PortBench>, settings: PortSettings = LINE): void {
	describe(`port contract: ${name}`, () => {
		let bench: PortBench;
		const opened: Port[] = [];

		async function open(events: PortEvents): Promise<Port> {
			const port = bench.createPort(events);
			opened.push(port);
			await port.open();
			return port;
		}

		beforeEach(async () => {
			bench = await createBench();
		});
		afterEach(async () => {
			for (const port of opened.splice(0)) await port.close();
			await bench.close();
		});

		test('carries bytes both ways, in order', async () => {
			const listener = listen();
			const port = await open(listener);
			await port.write(Uint8Array.of(1, 2, 3));
			await port.write(Uint8Array.of(0, 255));
			await vi.waitFor(() => expect([...bench.heard()]).toEqual([1, 2, 3, 0, 255]), 30_000);
			bench.say(Uint8Array.of(9, 8));
			bench.say(Uint8Array.of(7));
			await vi.waitFor(() => expect(listener.bytes).toEqual([9, 8, 7]), 30_000);
		});

		test('keeps the order of writes nobody waits for', async () => {
			const port = await open(listen());
			const bytes = Array.from({ length: 40 }, (_, index) => index);
			await Promise.all(bytes.map((byte) => port.write(Uint8Array.of(byte))));
			await vi.waitFor(() => expect([...bench.heard()]).toEqual(bytes), 30_000);
		});

		test('changes no byte, whatever their values', async () => {
			const listener = listen();
			const port = await open(listener);
			await fc.assert(
				fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
					bench.forget();
					listener.bytes.length = 0;
					await port.write(bytes);
					bench.say(bytes);
					await vi.waitFor(() => expect(bench.heard()).toEqual(bytes), { timeout: 30_000, interval: 2 });
					await vi.waitFor(() => expect(listener.bytes).toEqual([...bytes]), { timeout: 30_000, interval: 2 });
				}),
				{ numRuns: 25 },
			);
		});

		test('belongs to one user: a second one is told that it is in use', async () => {
			await open(listen());
			const second = bench.createPort(listen());
			expect(await refusalOf(second.open())).toMatchObject({ code: 'PORT_BUSY' });
		});

		test('says that nothing is plugged in, and works once something is', async () => {
			await bench.unplug();
			const refusal = await refusalOf(bench.createPort(listen()).open());
			expect(refusal).toMatchObject({ code: 'PORT_UNAVAILABLE', cause: { code: 'ENOENT' } });
			expect(refusal.message).toContain('nothing is plugged in');
			await bench.plugIn();
			await open(listen());
		});

		test('takes no bytes before it is open and after it was closed', async () => {
			const listener = listen();
			const port = bench.createPort(listener);
			expect(await refusalOf(port.write(Uint8Array.of(1)))).toMatchObject({ code: 'PORT_LOST' });
			await port.open();
			await port.close();
			expect(await refusalOf(port.write(Uint8Array.of(1)))).toMatchObject({ code: 'PORT_LOST' });
			expect(await refusalOf(port.setBaud(9600))).toMatchObject({ code: 'PORT_LOST' });
		});

		test('closes quietly, also twice, and can be opened anew by another', async () => {
			const listener = listen();
			const port = await open(listener);
			await port.close();
			await port.close();
			expect(listener.problems).toEqual([]);
			await open(listen());
		});

		test('tells its loss once, soon, and rejects what is written afterwards', async () => {
			const listener = listen();
			const port = await open(listener);
			const pulledMs = performance.now();
			await bench.unplug();
			await vi.waitFor(() => expect(listener.problems).toHaveLength(1), { timeout: 30_000, interval: 5 });
			expect(performance.now() - pulledMs).toBeLessThan(5_000);
			expect(await refusalOf(port.write(Uint8Array.of(1)))).toMatchObject({ code: 'PORT_LOST' });
			await port.close();
			expect(listener.problems).toHaveLength(1);
			await bench.plugIn();
			const again = listen();
			await open(again);
			bench.say(Uint8Array.of(5));
			await vi.waitFor(() => expect(again.bytes).toEqual([5]), 30_000);
			expect(listener.bytes).toEqual([]);
		});

		test('has reports of its own kinds while it is open, if it is a HID device', async () => {
			const port = bench.createPort(listen());
			opened.push(port);
			expect(port.hid).toBeUndefined();
			await port.open();
			expect(port.hid !== undefined).toBe(settings === 'hid');
		});

		if (settings === 'hid') return;
		test('changes its speed while it is open', async () => {
			const listener = listen();
			const port = await open(listener);
			await port.setBaud(38_400);
			await port.write(Uint8Array.of(4));
			await vi.waitFor(() => expect([...bench.heard()]).toEqual([4]), 30_000);
		});
	});
}
