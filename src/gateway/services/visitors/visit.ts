import { VISITOR_TAG } from '../../core/directory/holders.ts';
import type { DirectoryRow } from '../../core/directory.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';

type Holder = DirectoryRow<'holders'>;
type Specification = DirectoryRow<'rightSpecifications'>;

/** `over`: its end has passed. `blocked`: somebody turned the visitor away, whatever the time. */
export type VisitState = 'coming' | 'now' | 'over' | 'blocked';

/** What a visitor is let in by. */
export type VisitCredential = Pick<DirectoryRow<'credentials'>, 'id' | 'kind' | 'value' | 'label'>;

/** What a kind of visit allows. */
export type VisitSpecification = Pick<
	Specification,
	'id' | 'name' | 'areaIds' | 'scheduleId' | 'useLimit' | 'usePeriod'
>;

/**
 * One visit: a right of the strategy `visitor` within its validity, of a holder who carries one credential. The right
 * alone is bounded in time, so that a visit is made longer or ended in one place.
 */
export interface Visit extends Pick<Holder, 'name' | 'email' | 'phone' | 'language' | 'note'> {
	/** Of its right. */
	readonly id: string;
	readonly holderId: string;
	/** Whom they come to see. */
	readonly host: Pick<Holder, 'id' | 'name'> | null;
	/** null: it went to another visitor since, or was deleted. */
	readonly credential: VisitCredential | null;
	readonly specification: VisitSpecification;
	/** UTC epoch ms; null: from ever, for ever. */
	readonly validFromMs: number | null;
	readonly validToMs: number | null;
	readonly state: VisitState;
}

type Reader = Pick<DirectoryReader, 'read' | 'row' | 'holder' | 'credentialsOf'>;

/** @returns undefined: there is no such right, or it is no visit. */
export function readVisit(directory: Reader, rightId: string, nowMs: number): Visit | undefined {
	return directory.read(() => {
		const right = directory.row('assignedRights', rightId);
		const specification = right && directory.row('rightSpecifications', right.specificationId);
		const holder = right && directory.row('holders', right.holderId);
		if (right === undefined || holder === undefined || specification?.strategy !== 'visitor') return undefined;
		const host = holder.hostId === null ? undefined : directory.holder(holder.hostId);
		const [credential] = directory.credentialsOf(holder.id);
		const { validFromMs, validToMs } = right;
		const isBlocked =
			holder.status !== 'active' || right.state !== 'active' || (credential && credential.state !== 'active');
		const { name, email, phone, language, note } = holder;
		return {
			...{ id: right.id, holderId: holder.id, name, email, phone, language, note, validFromMs, validToMs },
			host: host === undefined ? null : { id: host.id, name: host.name },
			credential: credential === undefined ? null : credentialOf(credential),
			specification: specificationOf(specification),
			state: isBlocked ? 'blocked' : timeState(validFromMs, validToMs, nowMs),
		};
	});
}

export function timeState(
	validFromMs: number | null,
	validToMs: number | null,
	nowMs: number,
): Exclude<VisitState, 'blocked'> {
	if (validToMs !== null && validToMs <= nowMs) return 'over';
	return validFromMs !== null && validFromMs > nowMs ? 'coming' : 'now';
}

export function isVisitor({ kind, tags }: Pick<Holder, 'kind' | 'tags'>): boolean {
	return kind === 'person' && tags.includes(VISITOR_TAG);
}

/** What a kind of visit shows of its row. */
export function specificationOf({ id, name, areaIds, scheduleId, useLimit, usePeriod }: Specification) {
	return { id, name, areaIds, scheduleId, useLimit, usePeriod };
}

function credentialOf({ id, kind, value, label }: VisitCredential): VisitCredential {
	return { id, kind, value, label };
}
