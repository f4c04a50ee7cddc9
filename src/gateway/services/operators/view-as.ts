import { LIMITS } from '../../core/limits.ts';
import { createAccess } from '../../core/permission/access.ts';
import { Refused, refusable } from './guarded-change.ts';
import type { OperatorRefusal } from './operator-administration.ts';
import type { Actor, OperatorsParts } from './operators-deps.ts';
import { createWishChecks } from './wish-checks.ts';

/** Another operator's permissions in place of one's own, only to look. */
export interface ViewedAs {
	readonly operatorId: string;
	readonly name: string;
	readonly endsAtMs: number;
}

export type ViewAsAnswer = { readonly result: 'viewing'; readonly viewed: ViewedAs } | OperatorRefusal;

/**
 * Who supports somebody sees the pages as they do. Kept in memory by the id of the login: it ends with its time, the
 * login, the program, and as soon as the other could do more than who looks.
 */
export interface ViewAs {
	begin(loginId: string, operatorId: string, by: Actor): ViewAsAnswer;
	/** undefined: nothing was to end. */
	end(loginId: string): ViewedAs | undefined;
	/** Of a login of this operator; undefined: they see their own. */
	of(loginId: string, ownerId: string): ViewedAs | undefined;
}

export function createViewAs(parts: OperatorsParts): ViewAs {
	const { access, audit, clock, log, accessChanged, journalGrew } = parts;
	const { operators, transaction } = parts.store;
	const checks = createWishChecks(parts);
	const views = new Map<string, ViewedAs & { readonly ownerId: string }>();

	function forgetEnded(): void {
		for (const [id, { endsAtMs }] of views) if (endsAtMs <= clock.nowMs()) views.delete(id);
	}

	/** By the owner's own rights, not by those they look with. */
	const mayStill = (ownerId: string, operatorId: string) =>
		operators.operatorById(operatorId) !== undefined &&
		createAccess(access.rulesOf(ownerId), access.places).covers(access.rulesOf(operatorId));

	function forget(loginId: string): ViewedAs | undefined {
		const view = views.get(loginId);
		if (view === undefined) return undefined;
		views.delete(loginId);
		accessChanged();
		try {
			transaction(() => audit.write('viewAsEnded', view.ownerId, view.operatorId, {}));
			journalGrew();
		} catch (error) {
			// Looking ends, whatever the disk takes; that it began is written.
			log.warn({ err: error }, 'the end of a view as another operator could not be stored');
		}
		return view;
	}

	return {
		begin(loginId, operatorId, by) {
			const answer = refusable<ViewAsAnswer>(transaction, () => {
				if (operatorId === by.operatorId || by.operatorId === null) throw new Refused({ result: 'yourself' });
				const { name } = checks.touchable(operatorId, by);
				forgetEnded();
				if (views.size >= LIMITS.viewsAsAnother) throw new Refused({ result: 'tooMany' });
				const viewed: ViewedAs = { operatorId, name, endsAtMs: clock.nowMs() + LIMITS.viewAsAnotherMs };
				audit.write('viewAsBegan', by.operatorId, operatorId, { endsAtMs: viewed.endsAtMs });
				views.set(loginId, { ...viewed, ownerId: by.operatorId });
				return { result: 'viewing', viewed };
			});
			accessChanged();
			journalGrew();
			return answer;
		},
		end: forget,
		of(loginId, ownerId) {
			const view = views.get(loginId);
			if (view === undefined) return undefined;
			if (view.ownerId === ownerId && view.endsAtMs > clock.nowMs() && mayStill(ownerId, view.operatorId)) return view;
			forget(loginId);
			return undefined;
		},
	};
}
