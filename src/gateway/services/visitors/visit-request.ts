import type { DirectoryRow } from '../../core/directory.ts';
import { LIMITS } from '../../core/limits.ts';
import type { EditProblem } from '../directory/directory-edits.ts';

/** Who comes, by what, for how long. */
export interface VisitRequest {
	readonly name: string;
	readonly email?: string | null;
	readonly phone?: string | null;
	/** Of their pass. */
	readonly language?: DirectoryRow<'holders'>['language'];
	/** Whom they come to see: a person or an organisation of the directory. */
	readonly hostId?: string | null;
	readonly note?: string | null;
	/** The values of QR codes and PINs are made here, so that nobody can guess one. */
	readonly credential:
		| { readonly kind: 'plate' | 'tag'; readonly value: string; readonly label?: string | null }
		| { readonly kind: 'qr' | 'pin' };
	/** Left out: the only one there is. */
	readonly specificationId?: string;
	readonly validFromMs: number;
	readonly validToMs: number;
}

/** Why a visit can't be made or changed. `field` names what of the request; null: none of it. */
export interface VisitProblem {
	readonly field: keyof VisitRequest | null;
	readonly code: VisitProblemCode;
	/** English, for programs and the log. */
	readonly problem: string;
	readonly detail?: Readonly<Record<string, string | number>>;
}

export type VisitProblemCode =
	/** Nothing at the site says what visitors may. */
	| 'noSpecification'
	| 'unknownSpecification'
	/** There are several kinds of visit: one has to be chosen. */
	| 'chooseSpecification'
	| 'invalidPlate'
	| 'invalidTag'
	/** Somebody who is no visitor carries it. */
	| 'belongsToHolder'
	/** The visitor who carries it has a visit that is not over. */
	| 'alreadyVisiting'
	/** Its visitor is blocked, or it was reported lost, stolen or disabled. */
	| 'notUsable'
	| 'endsBeforeStart'
	| 'endsInThePast'
	| 'tooLong'
	/** The visit is over. */
	| 'over'
	/** The visitor has nothing to be let in by any more. */
	| 'noCredential'
	/** The directory refuses it. */
	| EditProblem['code'];

/** What is wrong with the times of a visit. */
export function endProblem(
	{ validFromMs, validToMs }: { readonly validFromMs: number | null; readonly validToMs: number },
	nowMs: number,
): VisitProblem | undefined {
	if (validToMs <= nowMs) return problemOf('validToMs', 'endsInThePast', 'ends in the past');
	if (validFromMs !== null && validToMs <= validFromMs) {
		return problemOf('validToMs', 'endsBeforeStart', 'ends before it begins');
	}
	if (validToMs - Math.max(validFromMs ?? nowMs, 0) > LIMITS.visitMs) {
		const days = LIMITS.visitMs / 86_400_000;
		return { ...problemOf('validToMs', 'tooLong', `lasts longer than ${days} days`), detail: { days } };
	}
	return undefined;
}

export function problemOf(
	field: VisitProblem['field'],
	code: VisitProblem['code'],
	problem: string,
	detail?: VisitProblem['detail'],
): VisitProblem {
	return { field, code, problem, ...(detail && { detail }) };
}
