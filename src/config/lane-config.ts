import { z } from 'zod';
import type { InputRef, Lane, OutputRef } from '../gateway/core/site.ts';
import { deviceInputText, idText, nameText } from './config-scalars.ts';
import { given } from './given.ts';

/** 500 ms suits every barrier control seen; 200–3000 ms are the bounds of a pulse that opens once. */
const pulseMs = z.int().min(200).max(3000);
const outputName = z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,31}$/, 'the name of an output, such as open');

const barrier = z.union([
	z
		.string()
		.regex(/^[a-zA-Z0-9-]{1,64}(\.[a-zA-Z][a-zA-Z0-9-]{0,31})?$/, 'a device id, or DEVICE.OUTPUT such as boom-1.open'),
	z.strictObject({ device: idText, output: outputName.default('open'), pulseMs: pulseMs.default(500) }),
]);

/** One entry of `lanes:`. */
export const laneSchema = z.strictObject({
	id: idText,
	name: nameText.optional().describe('What people call it; the id when left out'),
	kind: z.enum(['entry', 'exit', 'reversible']),
	from: idText.describe('Area the vehicle leaves, or outside'),
	to: idText.describe('Area the vehicle enters, or outside'),
	identify: z
		.enum(['tagOnly', 'plateOnly', 'either', 'both'])
		.default('either')
		.describe('What identifies at this lane'),
	readers: z.array(idText).max(8).default([]).describe('Devices that read tags'),
	cameras: z.array(idText).max(8).default([]).describe('Devices that read plates, or give stills of who shows a tag'),
	antennas: z
		.record(idText, z.array(z.int().min(1).max(64)).min(1).max(64))
		.optional()
		.describe('Of a reader with several antennas those that look at this lane, such as uhf-1: [1, 2]'),
	beside: z
		.array(idText)
		.max(8)
		.optional()
		.describe('Lanes whose vehicles its readers may see too: a tag read in several goes to one of them, 0.3 s later'),
	barrier: barrier.optional().describe('Device whose output opens the barrier (output `open` unless named)'),
	hold: z
		.string()
		.regex(/^[a-zA-Z0-9-]{1,64}\.[a-zA-Z][a-zA-Z0-9-]{0,31}$/, 'DEVICE.OUTPUT such as boom-1.hold')
		.optional()
		.describe(
			'Maintained output that keeps the arm up, as the manual of the barrier names it; never the opening pulse',
		),
	back: z
		.strictObject({ readers: z.array(idText).max(8).default([]), cameras: z.array(idText).max(8).default([]) })
		.prefault({})
		.describe('Of a reversible lane: devices for vehicles that come from the other side'),
	loops: z
		.strictObject({
			arming: deviceInputText.optional().describe('In front of the barrier'),
			safety: deviceInputText.optional().describe('Under the boom'),
			closing: deviceInputText.optional().describe('After the boom'),
		})
		.default({})
		.describe("Loop detectors; a loop left out is taken from the barrier device's input of that name"),
	position: z
		.strictObject({ open: deviceInputText.optional(), closed: deviceInputText.optional() })
		.default({})
		.describe("Limit switches of the arm; taken from the barrier device's open-limit and closed-limit when left out"),
	fire: deviceInputText
		.optional()
		.describe("Fire alarm contact; taken from the barrier device's input fire when left out"),
	minimumConfidence: z
		.number()
		.min(0)
		.max(1)
		.default(0.8)
		.describe('A plate below it waits for a second agreeing read; 0 to 1'),
	identifyWindowMs: z
		.int()
		.min(0)
		.max(10_000)
		.default(1500)
		.describe('How long tag and plate are collected after the first read when both may come, ms'),
	passageTimeoutMs: z
		.int()
		.min(5000)
		.max(300_000)
		.default(30_000)
		.describe('From the opening to a vehicle in the barrier, ms; then the place is free again'),
	backOutMs: z
		.int()
		.min(500)
		.max(60_000)
		.default(4000)
		.describe('After the arming loop cleared, a vehicle not in the barrier within this has backed out, ms'),
	tailgateMs: z
		.int()
		.min(0)
		.max(60_000)
		.default(5000)
		.describe('A second vehicle in the barrier this soon after a passage followed the first, ms'),
	unreadExitMs: z
		.int()
		.min(500)
		.max(120_000)
		.default(6000)
		.describe('A vehicle at an exit that nothing read is let out after this, ms'),
	heldOpenAlarmMs: z
		.int()
		.min(5000)
		.max(3_600_000)
		.default(60_000)
		.describe('An arm still up this long after the last vehicle is an alarm, ms; needs a closed limit switch'),
	travelMs: z
		.int()
		.min(1000)
		.max(120_000)
		.default(16_000)
		.describe('An arm between its limit switches, or still down after its opening, for longer is a fault, ms'),
	stuckLoopMs: z
		.int()
		.min(0)
		.max(86_400_000)
		.default(900_000)
		.describe('A loop that is on for so long is told as stuck, ms; 0 turns it off'),
	cloneWindowMs: z
		.int()
		.min(0)
		.max(3_600_000)
		.default(30_000)
		.describe('One credential at two lanes the same way within this is suspected to be copied, ms; 0 turns it off'),
	retryAfterMs: z
		.int()
		.min(500)
		.max(60_000)
		.default(5000)
		.describe('The same refused tag or plate is decided again after this, ms'),
	onMismatch: z
		.enum(['refuse', 'useTag', 'usePlate'])
		.default('refuse')
		.describe('What a tag and a plate of different holders do'),
	useReadsWithoutVehicle: z
		.boolean()
		.default(false)
		.describe('Use reads while nobody stands on the arming loop (long-range readers)'),
	fuzzyPlates: z
		.boolean()
		.default(true)
		.describe('Accept the only authorised plate that differs in easily confused characters (0 and O, 8 and B)'),
	pins: z
		.enum(['alone', 'withTag', 'never'])
		.default('alone')
		.describe('What PINs pressed at its readers do: let in as a tag does, with a tag only, or nothing'),
	strictExit: z.boolean().default(false).describe('An exit that refuses like an entry'),
	onStoreFailure: z
		.enum(['refuse', 'open'])
		.optional()
		.describe('When a decision cannot be recorded; unless set, who comes in is refused and who leaves let out'),
});

export type LaneEntry = z.infer<typeof laneSchema>;

/** A reversible lane follows the way it is driven. */
const USUAL_WITHOUT_STORE = { entry: 'refuse', exit: 'open', reversible: undefined } as const;

/** Input names of a barrier's own board that fill a lane's roles by themselves. */
const ROLE_INPUTS = {
	arming: 'arming',
	safety: 'safety',
	closing: 'closing',
	open: 'open-limit',
	closed: 'closed-limit',
	fire: 'fire',
} as const;

export function barrierOf(entry: LaneEntry): OutputRef | undefined {
	if (entry.barrier === undefined) return undefined;
	if (typeof entry.barrier === 'object')
		return { deviceId: entry.barrier.device, output: entry.barrier.output, pulseMs: entry.barrier.pulseMs };
	const [deviceId = '', output = 'open'] = entry.barrier.split('.');
	return { deviceId, output, pulseMs: 500 };
}

export function holdOf(text: string): NonNullable<Lane['hold']> {
	const [deviceId = '', output = ''] = text.split('.');
	return { deviceId, output };
}

export function parseInputRef(text: string): InputRef {
	const dot = text.indexOf('.');
	return { deviceId: text.slice(0, dot), input: text.slice(dot + 1) };
}

/**
 * The lane with every default in.
 * @param ownInputs names of the inputs of the lane's barrier device; empty when several lanes share it
 * @param roles which of its cameras read plates, and which give stills
 */
export function laneFromEntry(
	entry: LaneEntry,
	ownInputs: readonly string[],
	roles: (cameras: readonly string[]) => Pick<Lane, 'cameras' | 'stills'>,
): Lane {
	const barrier = barrierOf(entry);
	const role = (given: string | undefined, name: string): InputRef | undefined => {
		if (given !== undefined) return parseInputRef(given);
		return barrier !== undefined && ownInputs.includes(name) ? { deviceId: barrier.deviceId, input: name } : undefined;
	};
	const fire = role(entry.fire, ROLE_INPUTS.fire);
	return {
		id: entry.id,
		name: entry.name ?? entry.id,
		kind: entry.kind,
		from: entry.from,
		to: entry.to,
		identify: entry.identify,
		readers: entry.readers,
		...roles(entry.cameras),
		...given({ antennas: entry.antennas, beside: entry.beside }),
		...(barrier && { barrier }),
		...(entry.hold && { hold: holdOf(entry.hold) }),
		back: { readers: entry.back.readers, ...roles(entry.back.cameras) },
		loops: given({
			arming: role(entry.loops.arming, ROLE_INPUTS.arming),
			safety: role(entry.loops.safety, ROLE_INPUTS.safety),
			closing: role(entry.loops.closing, ROLE_INPUTS.closing),
		}),
		position: given({
			open: role(entry.position.open, ROLE_INPUTS.open),
			closed: role(entry.position.closed, ROLE_INPUTS.closed),
		}),
		...(fire && { fire }),
		rules: {
			minimumConfidence: entry.minimumConfidence,
			identifyWindowMs: entry.identifyWindowMs,
			passageTimeoutMs: entry.passageTimeoutMs,
			backOutMs: entry.backOutMs,
			tailgateMs: entry.tailgateMs,
			unreadExitMs: entry.unreadExitMs,
			heldOpenAlarmMs: entry.heldOpenAlarmMs,
			travelMs: entry.travelMs,
			stuckLoopMs: entry.stuckLoopMs,
			cloneWindowMs: entry.cloneWindowMs,
			retryAfterMs: entry.retryAfterMs,
			onMismatch: entry.onMismatch,
			useReadsWithoutVehicle: entry.useReadsWithoutVehicle,
			fuzzyPlates: entry.fuzzyPlates,
			strictExit: entry.strictExit,
			...given({
				pin: entry.pins === 'alone' ? undefined : entry.pins,
				onStoreFailure: entry.onStoreFailure ?? USUAL_WITHOUT_STORE[entry.kind],
			}),
		},
	};
}
