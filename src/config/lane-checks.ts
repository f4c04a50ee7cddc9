import { adviseName } from '../gateway/core/nearest-name.ts';
import { type Lane, OUTSIDE } from '../gateway/core/site.ts';
import { reportDuplicates } from './device-checks.ts';
import type { ConfigFile } from './file-schema.ts';
import { barrierOf, holdOf, type LaneEntry, laneFromEntry } from './lane-config.ts';
import {
	camerasByRole,
	checkDevice,
	checkInput,
	checkOutput,
	type DevicesById,
	namesIn,
	takesStills,
} from './lane-references.ts';
import type { ConfigPath } from './problem.ts';
import type { ProblemReport } from './problem-report.ts';

/** Lanes with all defaults; whatever they name that is not there goes to the report. */
export function lanesOf(
	entries: ConfigFile['lanes'],
	areaIds: readonly string[],
	devices: DevicesById,
	report: ProblemReport,
): Lane[] {
	reportDuplicates(
		entries.map((entry) => entry.id),
		(index) => ['lanes', index, 'id'],
		'a lane of its own id',
		report,
	);
	entries.forEach((entry, index) => {
		const path = ['lanes', index];
		checkEnds(entry, path, areaIds, report);
		checkIdentification(entry, path, devices, report);
		checkOutputs(entry, path, devices, report);
		for (const [refPath, ref] of inputRefs(entry, path)) checkInput(ref, refPath, devices, report);
		checkNeighbours(entry, path, entries, report);
	});
	checkSharing(entries, report);
	const barrierDevices = entries.map((entry) => barrierOf(entry)?.deviceId);
	return entries.map((entry, index) => {
		const own = barrierOf(entry)?.deviceId;
		const shared = barrierDevices.filter((id) => id === own).length > 1;
		const ownInputs = own === undefined || shared ? [] : namesIn(devices.get(own), 'inputs');
		const lane = laneFromEntry(entry, ownInputs, (ids) => camerasByRole(ids, devices));
		checkArrivals(lane, ['lanes', index], report);
		return lane;
	});
}

/** Plates are looked for in stills of who stands on a loop. */
function checkArrivals({ cameras, stills = [], back, loops }: Lane, path: ConfigPath, report: ProblemReport): void {
	const ways = [
		{ at: ['cameras'], loop: 'arming', seen: stills.filter((id) => cameras.includes(id)) },
		{ at: ['back', 'cameras'], loop: 'closing', seen: (back.stills ?? []).filter((id) => back.cameras.includes(id)) },
	] as const;
	for (const { at, loop, seen } of ways)
		if (seen.length > 0 && loops[loop] === undefined)
			report.error([...path, ...at], {
				found: `${seen.join(', ')}, which reads plates of who stands on the ${loop} loop, in a lane without one`,
				expected: `the lane's ${loop} loop`,
				fix: `Add loops: { ${loop}: DEVICE.INPUT }, or leave recognizer out of the camera`,
			});
}

function checkEnds(entry: LaneEntry, path: ConfigPath, areaIds: readonly string[], report: ProblemReport): void {
	const names = [...areaIds, OUTSIDE];
	for (const end of ['from', 'to'] as const)
		if (!names.includes(entry[end]))
			report.error([...path, end], {
				found: `the unknown area ${entry[end]}`,
				expected: `one of ${names.join(', ')}`,
				fix: adviseName(entry[end], names, 'Write the id of an area below parks'),
			});
	if (entry.from === entry.to)
		report.error([...path, 'to'], {
			found: `${entry.to} on both sides`,
			expected: 'two different areas',
			fix: `Write the area the vehicle goes to, or ${OUTSIDE}`,
		});
	else if (entry.kind === 'entry' && entry.to === OUTSIDE)
		report.error([...path, 'to'], {
			found: 'an entry that leads outside',
			expected: 'an area',
			fix: 'Swap from and to, or write kind: exit',
		});
	else if (entry.kind === 'exit' && entry.from === OUTSIDE)
		report.error([...path, 'from'], {
			found: 'an exit that comes from outside',
			expected: 'an area',
			fix: 'Swap from and to, or write kind: entry',
		});
}

function checkIdentification(entry: LaneEntry, path: ConfigPath, devices: DevicesById, report: ProblemReport): void {
	checkReadersAndCameras(entry, path, devices, report);
	checkPins(entry, path, report);
	checkReadersAndCameras(entry.back, [...path, 'back'], devices, report);
	if (entry.kind !== 'reversible' && entry.back.readers.length + entry.back.cameras.length > 0)
		report.error([...path, 'back'], {
			found: `devices for the way back in an ${entry.kind}`,
			expected: 'them in a reversible lane only',
			fix: 'Move them to readers and cameras, or write kind: reversible',
		});
	const missing = missingFor({ ...entry, cameras: [...camerasByRole(entry.cameras, devices).cameras] });
	if (missing !== undefined)
		report.error([...path, ...(missing.at === undefined ? [] : [missing.at])], {
			found: missing.found,
			expected: missing.expected,
			fix: missing.fix,
		});
}

/** A tag and its PIN are given at a reader that the lane listens to. */
function checkPins({ pins, identify, readers }: LaneEntry, path: ConfigPath, report: ProblemReport): void {
	if (pins !== 'withTag' || (identify !== 'plateOnly' && readers.length > 0)) return;
	report.error([...path, 'pins'], {
		found: `pins: withTag ${identify === 'plateOnly' ? 'in a lane of plates only' : 'without readers'}`,
		expected: 'a lane that reads tags',
		fix: 'Add readers: [ … ] and choose identify: tagOnly, either or both, or leave pins out',
	});
}

function checkReadersAndCameras(
	lists: Pick<LaneEntry, 'readers' | 'cameras'>,
	path: ConfigPath,
	devices: DevicesById,
	report: ProblemReport,
): void {
	for (const list of ['readers', 'cameras'] as const)
		lists[list].forEach((id, index) => {
			const known = checkDevice(id, [...path, list, index], devices, report);
			const device = devices.get(id);
			if (known && list === 'readers' && (device?.path !== undefined || takesStills(device)))
				report.error([...path, list, index], {
					found: `${id}, which is a camera`,
					expected: 'a reader of tags',
					fix: `Move ${id} to cameras`,
				});
		});
}

/** Antennas are of its own readers, and beside it stand other lanes. */
function checkNeighbours(
	entry: LaneEntry,
	path: ConfigPath,
	entries: readonly LaneEntry[],
	report: ProblemReport,
): void {
	const readers = [...entry.readers, ...entry.back.readers];
	for (const reader of Object.keys(entry.antennas ?? {}))
		if (!readers.includes(reader))
			report.error([...path, 'antennas', reader], {
				found: `antennas of ${reader}, which is no reader of this lane`,
				expected: `one of ${readers.join(', ') || 'its readers'}`,
				fix: adviseName(reader, readers, `Add ${reader} to readers, or leave its antennas out`),
			});
	const others = entries.map(({ id }) => id).filter((id) => id !== entry.id);
	entry.beside?.forEach((id, index) => {
		if (!others.includes(id))
			report.error([...path, 'beside', index], {
				found: id === entry.id ? `${id}, which is this lane` : `the unknown lane ${id}`,
				expected: others.length === 0 ? 'another lane' : `one of ${others.join(', ')}`,
				fix: adviseName(id, others, 'Write the id of another lane'),
			});
	});
}

function missingFor(entry: LaneEntry): { at?: 'identify'; found: string; expected: string; fix: string } | undefined {
	const { identify, readers, cameras } = entry;
	const none = readers.length === 0 ? 'readers' : cameras.length === 0 ? 'cameras' : undefined;
	const needed = { tagOnly: 'readers', plateOnly: 'cameras', both: none } as const;
	if (identify === 'either') {
		// A free exit lets out whatever stands on its loop; an entry that reads nothing opens for nobody.
		if (readers.length + cameras.length > 0 || entry.kind === 'exit') return undefined;
		return {
			found: 'a lane without readers and cameras',
			expected: 'at least one of them',
			fix: 'Add readers: [ … ] or cameras: [ … ]',
		};
	}
	const list = needed[identify];
	if (list === undefined || entry[list].length > 0) return undefined;
	return {
		at: 'identify',
		found: `identify: ${identify} without ${list}`,
		expected: `at least one of ${list}`,
		fix: `Add ${list}: [ … ] or choose another mode`,
	};
}

function checkOutputs(entry: LaneEntry, path: ConfigPath, devices: DevicesById, report: ProblemReport): void {
	const barrier = barrierOf(entry);
	if (barrier !== undefined) {
		const barrierPath = [...path, 'barrier', ...(typeof entry.barrier === 'object' ? ['device'] : [])];
		checkOutput(barrier, barrierPath, devices, report);
	}
	if (entry.hold === undefined) return;
	const hold = holdOf(entry.hold);
	checkOutput(hold, [...path, 'hold'], devices, report);
	if (hold.deviceId === barrier?.deviceId && hold.output === barrier.output)
		report.error([...path, 'hold'], {
			found: `${entry.hold}, which opens the barrier by a pulse`,
			expected: 'another output: the maintained one that the manual of the barrier names',
			fix: 'Wire and name that output, or leave hold out',
		});
}

function inputRefs(entry: LaneEntry, path: ConfigPath): [ConfigPath, string][] {
	const refs: [ConfigPath, string | undefined][] = [
		...(['arming', 'safety', 'closing'] as const).map((role): [ConfigPath, string | undefined] => [
			[...path, 'loops', role],
			entry.loops[role],
		]),
		[[...path, 'position', 'open'], entry.position.open],
		[[...path, 'position', 'closed'], entry.position.closed],
		[[...path, 'fire'], entry.fire],
	];
	return refs.filter((pair): pair is [ConfigPath, string] => pair[1] !== undefined);
}

/** One output is one arm and one detector is one loop: named twice, a vehicle would be seen or let in twice. */
function checkSharing(entries: readonly LaneEntry[], report: ProblemReport): void {
	const outputs = new Map<string, string>();
	const loops = new Map<string, string>();
	entries.forEach((entry, index) => {
		const barrier = barrierOf(entry);
		const arm = barrier && `${barrier.deviceId}.${barrier.output}`;
		const other = arm && outputs.get(arm);
		if (other !== undefined)
			report.error(['lanes', index, 'barrier'], {
				found: `${arm}, the barrier of lane ${other}`,
				expected: 'a barrier of its own for each lane',
				fix: 'Name another output, or make the two lanes one with kind: reversible',
			});
		else if (arm !== undefined) outputs.set(arm, entry.id);
		for (const [path, ref] of inputRefs(entry, ['lanes', index])) {
			if (!path.includes('loops')) continue;
			const use = `${String(path.at(-1))} loop of lane ${entry.id}`;
			const taken = loops.get(ref);
			if (taken !== undefined)
				report.error(path, {
					found: `${ref}, the ${taken}`,
					expected: 'an input of its own for each loop',
					fix: 'Name another input, or leave this loop out',
				});
			else loops.set(ref, use);
		}
	});
}
