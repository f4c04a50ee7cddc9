import type { ConfiguredDevice, GatewayConfig } from '../config/gateway-config.ts';
import { SIMULATED } from '../drivers/ports/open-port.ts';
import type { TagValue } from '../gateway/core/tag.ts';
import type { DemoPopulation } from '../sync/central/demo-population.ts';

const LOCAL = { host: '127.0.0.1', port: 0 } as const;

/**
 * The same site with nothing of its machine in it: every device behind a simulated port, a store and addresses of its own.
 * A real device is never opened.
 */
export function simulatedConfig(
	config: GatewayConfig,
	{ dir, everyMs, seed }: { readonly dir: string; readonly everyMs: number; readonly seed: number },
): GatewayConfig {
	const { licence: _, mqtt: __, ...rest } = config;
	return {
		...rest,
		store: { dir },
		http: { ...LOCAL, tls: { mode: 'plain' } },
		ingest: { ...LOCAL, allow: ['127.0.0.0/8'] },
		devices: config.devices.map(simulatedDevice),
		simulation: { traffic: { everyMs, seed } },
	};
}

/** Settings by which a device asks others of its own accord: a camera for missed plates, an engine for those in a still. */
const ASKS_OTHERS: ReadonlySet<string> = new Set(['catchUp', 'subscribe', 'recognizer']);
/** Nobody listens there: on its own broker the running gateway would lose its connection to the one of the same name. */
const NO_BROKER = 'mqtt://127.0.0.1:9';

/** Devices on one line stay on one line. */
function simulatedDevice(device: ConfiguredDevice): ConfiguredDevice {
	const { id, driver, port } = device;
	const own = Object.entries(device).filter(([setting]) => !ASKS_OTHERS.has(setting));
	return {
		...Object.fromEntries(own),
		...{ id, driver },
		...(port !== undefined && { port: port.startsWith(SIMULATED) ? port : `${SIMULATED}${port}` }),
		...(typeof device['url'] === 'string' && { url: NO_BROKER }),
	};
}

/** What a reader reads of a card: bits as on Wiegand lines, the five bytes of 125 kHz tags, or an EPC. */
type TagForm = 'bits' | 'bytes' | 'epc';

const BYTE_READERS: ReadonlySet<string> = new Set([
	'ascii-line',
	'rdm6300',
	'hid-keyboard',
	'hid-pcprox',
	'template-reader',
]);

/** The same people with cards that the readers of this site read. */
export function withReadableCards(population: DemoPopulation, { site, devices }: GatewayConfig): DemoPopulation {
	const readers = new Set(site.lanes.flatMap((lane) => [...lane.readers, ...lane.back.readers]));
	const first = devices.find(({ id }) => readers.has(id));
	const form = first === undefined ? 'bits' : formOf(first.driver);
	if (form === 'bits') return population;
	const { people, access, visitors } = population;
	return {
		people,
		access: access.map((op) => {
			if (op.op !== 'put' || op.table !== 'credentials') return op;
			const row = Object(op.row) as { readonly kind: string; readonly value: string };
			return row.kind === 'tag' ? { ...op, row: { ...row, value: inForm(row.value, form) } } : op;
		}),
		visitors: visitors.map((visitor) =>
			visitor.tag === undefined ? visitor : { ...visitor, tag: inForm(visitor.tag, form) },
		),
	};
}

function formOf(driver: string): TagForm {
	if (driver.startsWith('uhf-')) return 'epc';
	return BYTE_READERS.has(driver) ? 'bytes' : 'bits';
}

/** `26:9ADDDF00` has four bytes, which no two cards share. */
function inForm(tag: TagValue, form: Exclude<TagForm, 'bits'>): TagValue {
	const bytes = tag.slice(tag.indexOf(':') + 1);
	return form === 'bytes' ? `0F${bytes}` : `E28011606000${'0'.repeat(4)}${bytes}`;
}
