import type { SerialDriver } from '../../src/drivers/driver.ts';
import type { TagObservation } from '../../src/gateway/core/observation.ts';
import { createLinkBench } from './link-bench.ts';

/** One UHF reader with its simulator, started and given time to be online. */
export async function createUhfBench(driver: SerialDriver, entry: object = {}) {
	const bench = createLinkBench(driver, [{ id: 'reader', ...entry }]);
	await bench.start();
	await bench.clock.advanceAsync(3_000);
	return {
		...bench,
		status: () => bench.device('reader').status(),
		tags: () => bench.observations.filter((read): read is TagObservation => read.kind === 'tag'),
		/** Something happens to the reader, and some time goes by. */
		async happen(what: string, forMs = 1_000): Promise<void> {
			bench.stimulate('reader', what);
			await bench.clock.advanceAsync(forMs);
		},
		/** What the gateway wrote since the last look, in hex. */
		asked(): readonly string[] {
			const hex = bench.written.map((bytes) => bytes.toHex().toUpperCase());
			bench.forget();
			return hex;
		},
	};
}
