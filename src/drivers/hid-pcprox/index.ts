import { defineHidReader } from '../hid-readers/define-hid-reader.ts';
import type { HidAccess } from '../ports/port.ts';
import { hidPcproxConfig } from './config.ts';
import { createPcproxDialect, createPcproxExplainer } from './dialect.ts';
import { COMMAND, createPcproxSearch, encodeCommand, isNothing, REPORT_BYTES } from './frame.ts';
import { createPcproxSimulator } from './simulator.ts';

/** rf IDeas pcProx readers, asked by feature reports; see docs/drivers/hid-pcprox.md. */
export const hidPcprox = defineHidReader({
	kind: 'hid-pcprox',
	config: hidPcproxConfig,
	createSearch: createPcproxSearch,
	gapMs: () => 200,
	createDialect: createPcproxDialect,
	ask: askByFeatures,
	explain: createPcproxExplainer,
	createSimulator: createPcproxSimulator,
});

/** A card's length is told once, and only after its bits were (8F, then 8E). */
async function askByFeatures(hid: HidAccess, command: Uint8Array): Promise<Uint8Array> {
	const bits = await exchange(hid, command);
	if (command[0] !== COMMAND.card || isNothing(bits.subarray(REPORT_BYTES))) return bits;
	return Uint8Array.of(...bits, ...(await exchange(hid, encodeCommand(COMMAND.cardInfo))));
}

/** The question and its answer, as one. */
async function exchange(hid: HidAccess, command: Uint8Array): Promise<Uint8Array> {
	await hid.sendFeature(Uint8Array.of(0, ...command));
	const answer = await hid.getFeature(0, REPORT_BYTES + 1);
	return Uint8Array.of(...command, ...answer.subarray(-REPORT_BYTES));
}
