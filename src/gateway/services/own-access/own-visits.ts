import { LIMITS } from '../../core/limits.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { Visit } from '../visitors/visit.ts';
import type { VisitProblemCode, VisitRequest } from '../visitors/visit-request.ts';
import type { Visitors } from '../visitors/visitors.ts';
import type { OwnAccessRules } from './own-access-rules.ts';

/** A guest whom somebody invited by themselves. */
export interface OwnVisit
	extends Pick<Visit, 'id' | 'name' | 'email' | 'language' | 'state' | 'validFromMs' | 'validToMs'> {
	/** What they come by; a code is their host's to hand on. null: it went to somebody else since. */
	readonly credential: Pick<NonNullable<Visit['credential']>, 'kind' | 'value' | 'label'> | null;
	/** Where they may go; empty: everywhere. */
	readonly areaIds: readonly string[];
}

export interface OwnVisitWish extends Pick<VisitRequest, 'name' | 'validFromMs' | 'validToMs'> {
	readonly email?: string | null | undefined;
	readonly language?: VisitRequest['language'] | undefined;
	readonly credential: { readonly kind: 'plate'; readonly value: string } | { readonly kind: 'qr' };
}

/** Why a guest can not be invited. Whose a plate is, is not told. */
export interface OwnVisitProblem {
	readonly field: keyof OwnVisitWish | null;
	readonly code: 'tooLong' | 'tooFarAhead' | 'plateNotPossible' | 'notPossible' | Extract<VisitProblemCode, Told>;
}

type Told = 'invalidPlate' | 'endsBeforeStart' | 'endsInThePast' | 'invalid';

export type OwnVisitAnswer =
	| { readonly result: 'done'; readonly visit: OwnVisit }
	/** It had not begun. */
	| { readonly result: 'cancelled' }
	| OwnVisitRefusal;

export type OwnVisitRefusal =
	/** They invited nobody of this id. */
	| { readonly result: 'notFound' }
	/** The site does not let them invite, or they have as many guests as one may. */
	| { readonly result: 'notAllowed' | 'tooMany' }
	| { readonly result: 'refused'; readonly problems: readonly OwnVisitProblem[] };

export interface Inviter {
	readonly holderId: string;
	readonly operatorId: string;
	/** They have a right themselves that is valid now, and are not turned away. */
	readonly isWelcome: boolean;
}

interface Deps {
	readonly visitors: Pick<Visitors, 'get' | 'create' | 'end' | 'madeBy' | 'specifications'>;
	readonly directory: Pick<DirectoryReader, 'read' | 'find' | 'rightsOf'>;
	readonly rules: () => OwnAccessRules;
	readonly nowMs: () => number;
}

const HOUR_MS = 3_600_000;
const TOLD: readonly string[] = ['invalidPlate', 'endsBeforeStart', 'endsInThePast', 'invalid'] satisfies Told[];
const OF_PLATE: readonly string[] = ['belongsToHolder', 'alreadyVisiting', 'notUsable'];

export function createOwnVisits({ visitors, directory, rules, nowMs }: Deps) {
	/** Whom they made themselves: what a guest does as somebody else's guest is not theirs to see. */
	function isTheirs(visit: Visit, { holderId, operatorId }: Inviter): boolean {
		return visit.host?.id === holderId && visitors.madeBy(visit.id)?.operatorId === operatorId;
	}

	function list(inviter: Inviter): readonly Visit[] {
		return directory.read(() =>
			directory
				.find('holders', { hostId: inviter.holderId }, LIMITS.ownVisitsShown)
				.flatMap((id) => directory.rightsOf(id))
				.flatMap(({ right }) => visitors.get(right.id) ?? [])
				.filter((visit) => isTheirs(visit, inviter))
				.toSorted((a, b) => (b.validFromMs ?? 0) - (a.validFromMs ?? 0)),
		);
	}

	function mayInvite({ isWelcome }: Inviter): boolean {
		const { mayInvite, visitSpecificationId } = rules();
		const kinds = visitors.specifications();
		const hasKind =
			visitSpecificationId === null ? kinds.length === 1 : kinds.some(({ id }) => id === visitSpecificationId);
		return mayInvite && isWelcome && hasKind;
	}

	function timeProblems({ validFromMs, validToMs }: OwnVisitWish): readonly OwnVisitProblem[] {
		const { visitHours, visitDaysAhead } = rules();
		const fromMs = Math.max(validFromMs, nowMs());
		return [
			...(validToMs - fromMs > visitHours * HOUR_MS ? [{ field: 'validToMs', code: 'tooLong' } as const] : []),
			...(validFromMs > nowMs() + visitDaysAhead * 24 * HOUR_MS
				? [{ field: 'validFromMs', code: 'tooFarAhead' } as const]
				: []),
		];
	}

	return {
		list: (inviter: Inviter): readonly OwnVisit[] => list(inviter).map(shown),
		mayInvite,
		invite(inviter: Inviter, wish: OwnVisitWish): OwnVisitAnswer {
			if (!mayInvite(inviter)) return { result: 'notAllowed' };
			const { visitsAtOnce, visitSpecificationId } = rules();
			const running = list(inviter).filter(({ state }) => state !== 'over');
			if (running.length >= visitsAtOnce) return { result: 'tooMany' };
			const late = timeProblems(wish);
			if (late.length > 0) return { result: 'refused', problems: late };
			const { email = null, language = null, ...rest } = wish;
			const request = { ...rest, email, language, hostId: inviter.holderId };
			const kind = visitSpecificationId === null ? {} : { specificationId: visitSpecificationId };
			const answer = visitors.create({ ...request, ...kind }, { operatorId: inviter.operatorId });
			if (answer.result === 'done') return { result: 'done', visit: shown(answer.visit) };
			return { result: 'refused', problems: answer.problems.map(problemOf) };
		},
		end(inviter: Inviter, visitId: string): OwnVisitAnswer {
			const visit = visitors.get(visitId);
			if (visit === undefined || !isTheirs(visit, inviter)) return { result: 'notFound' };
			const answer = visitors.end(visitId, { operatorId: inviter.operatorId });
			if (answer.result === 'cancelled') return answer;
			if (answer.result === 'done') return { result: 'done', visit: shown(answer.visit) };
			return { result: 'refused', problems: answer.problems.map(problemOf) };
		},
	};
}

function shown({ credential, specification, ...visit }: Visit): OwnVisit {
	const { id, name, email, language, state, validFromMs, validToMs } = visit;
	return {
		...{ id, name, email, language, state, validFromMs, validToMs, areaIds: specification.areaIds },
		credential: credential && { kind: credential.kind, value: credential.value, label: credential.label },
	};
}

function problemOf({
	field,
	code,
}: {
	readonly field: string | null;
	readonly code: VisitProblemCode;
}): OwnVisitProblem {
	const known = WISHED.find((name) => name === field) ?? null;
	if (OF_PLATE.includes(code)) return { field: 'credential', code: 'plateNotPossible' };
	return TOLD.includes(code) ? { field: known, code: code as Told } : { field: known, code: 'notPossible' };
}

const WISHED: readonly (keyof OwnVisitWish)[] = ['name', 'email', 'language', 'credential', 'validFromMs', 'validToMs'];
