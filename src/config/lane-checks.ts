import { adviseName } from '../gateway/core/nearest-name.ts';
import { type Lane, OUTSIDE } from '../gateway/core/site.ts';
import { reportDuplicates } from './device-checks.ts';
import type { ConfigFile } from './file-schema.ts';
import type { ConfiguredDevice } from './gateway-config.ts';
import { barrierOf, type LaneEntry, laneFromEntry, parseInputRef } from './lane-config.ts';
import type { ConfigPath } from './problem.ts';
import type { ProblemReport } from './problem-report.ts';

/** The devices a lane may name: every id of the file; undefined for an entry that has problems of its own. */
export type DevicesById = ReadonlyMap<string, ConfiguredDevice | undefined>;

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
		checkBarrier(entry, path, devices, report);
		for (const [refPath, ref] of inputRefs(entry, path)) checkInput(ref, refPath, devices, report);
	});
	checkSharing(entries, report);
	const barrierDevices = entries.map((entry) => barrierOf(entry)?.deviceId);
	return entries.map((entry) => {
		const own = barrierOf(entry)?.deviceId;
		const shared = barrierDevices.filter((id) => id === own).length > 1;
		return laneFromEntry(entry, own === undefined || shared ? [] : namesIn(devices.get(own), 'inputs'));
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
	for (const list of ['readers', 'cameras'] as const)
		entry[list].forEach((id, index) => {
			const known = checkDevice(id, [...path, list, index], devices, report);
			if (known && list === 'readers' && devices.get(id)?.path !== undefined)
				report.error([...path, list, index], {
					found: `${id}, which is a camera`,
					expected: 'a reader of tags',
					fix: `Move ${id} to cameras`,
				});
		});
	const missing = missingFor(entry);
	if (missing !== undefined)
		report.error([...path, ...(missing.at === undefined ? [] : [missing.at])], {
			found: missing.found,
			expected: missing.expected,
			fix: missing.fix,
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

function checkBarrier(entry: LaneEntry, path: ConfigPath, devices: DevicesById, report: ProblemReport): void {
	const barrier = barrierOf(entry);
	if (barrier === undefined) return;
	const barrierPath = [...path, 'barrier', ...(typeof entry.barrier === 'object' ? ['device'] : [])];
	if (!checkDevice(barrier.deviceId, barrierPath, devices, report)) return;
	const device = devices.get(barrier.deviceId);
	const outputs = namesIn(device, 'outputs');
	if (device === undefined || outputs.includes(barrier.output)) return;
	report.error(barrierPath, {
		found: `the output ${barrier.output}, which ${device.id} has not`,
		expected: outputs.length === 0 ? 'a device with outputs' : `one of ${outputs.join(', ')}`,
		fix:
			outputs.length === 0
				? `Add outputs: { ${barrier.output}: CHANNEL } to ${device.id}, or name another device`
				: adviseName(barrier.output, outputs, `Add ${barrier.output} to the outputs of ${device.id}`),
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

function checkInput(text: string, path: ConfigPath, devices: DevicesById, report: ProblemReport): void {
	const { deviceId, input } = parseInputRef(text);
	if (!checkDevice(deviceId, path, devices, report)) return;
	const device = devices.get(deviceId);
	const inputs = namesIn(device, 'inputs').map((name) => `${deviceId}.${name}`);
	if (device === undefined || inputs.includes(text)) return;
	report.error(path, {
		found: `the input ${input}, which ${deviceId} has not`,
		expected: inputs.length === 0 ? 'a device with inputs' : `one of ${inputs.join(', ')}`,
		fix:
			inputs.length === 0
				? `Add inputs: { ${input}: CHANNEL } to ${deviceId}, or name another device`
				: adviseName(text, inputs, `Add ${input} to the inputs of ${deviceId}`),
	});
}

function checkDevice(id: string, path: ConfigPath, devices: DevicesById, report: ProblemReport): boolean {
	if (devices.has(id)) return true;
	const ids = [...devices.keys()];
	report.error(path, {
		found: `the unknown device ${id}`,
		expected: ids.length === 0 ? 'a device below devices' : `one of ${ids.join(', ')}`,
		fix: adviseName(id, ids, 'Add it below devices'),
	});
	return false;
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

function namesIn(device: ConfiguredDevice | undefined, member: 'inputs' | 'outputs'): string[] {
	const names = device?.[member];
	return typeof names === 'object' && names !== null ? Object.keys(names) : [];
}
