import type { Lane } from '../site.ts';

/** Ids of all that is wired to a lane, each once: what reads there, what moves its arm, and what its inputs come from. */
export function devicesOfLane({
	readers,
	cameras,
	stills = [],
	back,
	barrier,
	hold,
	loops,
	position,
	fire,
}: Lane): readonly string[] {
	const wired = [barrier, hold, loops.arming, loops.safety, loops.closing, position.open, position.closed, fire];
	const reading = [...readers, ...cameras, ...back.readers, ...back.cameras, ...stills, ...(back.stills ?? [])];
	return [...new Set([...reading, ...wired.flatMap((end) => (end === undefined ? [] : [end.deviceId]))])];
}
