import { codeName } from '../../core/directory/code-text.ts';
import type { LanePhase } from '../../core/lane/lane-state.ts';
import type { Lane } from '../../core/site.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import { credentialOfTag } from '../directory/credential-of-tag.ts';
import type { LaneView } from '../lanes/lane-view.ts';
import type { PassedOn } from './enrolments.ts';

/** The lanes a reader reads for, in either direction. */
export function lanesAt(lanes: readonly Lane[], deviceId: string): readonly Lane[] {
	return lanes.filter(({ readers, back }) => readers.includes(deviceId) || back.readers.includes(deviceId));
}

/** Phases in which nobody stands there or passes. */
const AT_REST: ReadonlySet<LanePhase> = new Set(['idle', 'heldOpen', 'closedToAll', 'faulted']);

/** What is read there now may be a driver's. A loop that is free says that who was refused has left; without one they may try again. */
export function isAtWork(lane: LaneView | undefined): boolean {
	if (lane === undefined) return false;
	if (lane.vehiclePresent === true) return true;
	return !AT_REST.has(lane.phase) && !(lane.phase === 'refused' && lane.vehiclePresent === false);
}

/** undefined: nobody's. */
export function whoseTag(
	directory: Pick<DirectoryReader, 'read' | 'credential' | 'holder'>,
	tag: string,
): PassedOn | undefined {
	return directory.read(() => {
		const credential = credentialOfTag(directory, tag);
		if (credential === undefined) return undefined;
		const holder = directory.holder(credential.holderId);
		return {
			because: 'known',
			value: credential.kind === 'qr' ? codeName('qr', credential.value) : tag,
			holder: holder === undefined ? null : { id: holder.id, name: holder.name },
		};
	});
}
