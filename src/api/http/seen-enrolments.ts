import { maskText } from '../../gateway/core/directory/mask.ts';
import type { Access } from '../../gateway/core/permission/access.ts';
import { seesRow } from '../../gateway/core/permission/decide-change.ts';
import { placeOfRow, type RowLook } from '../../gateway/core/permission/row-place.ts';
import type { Enrolment, Enrolments } from '../../gateway/services/enrolment/enrolments.ts';
import type { Sight } from './seen-in-parts.ts';

export interface SeenEnrolmentsDeps {
	readonly enrolments: Enrolments;
	readonly sight: Pick<Sight, 'device'>;
	readonly rowLook: () => RowLook;
}

export type SeenEnrolments = Pick<Enrolments, 'readers' | 'open' | 'get' | 'list' | 'cancel'>;

/** At the readers of the parts of the site that are theirs; of whose a tag is already, as they see people. */
export function seenEnrolments(
	{ enrolments, sight, rowLook }: SeenEnrolmentsDeps,
	access: Pick<Access, 'may'>,
): SeenEnrolments {
	if (access.may('enrolments:write')) return enrolments;
	const isTheirs = ({ deviceId }: Pick<Enrolment, 'deviceId'>) => sight.device(access, deviceId, 'enrolments:write');
	const whose = (holder: { readonly id: string; readonly name: string }) => {
		const look = rowLook();
		const row = look.row('holders', holder.id);
		if (row === undefined || !seesRow(access, 'holders', row, look)) return null;
		const isNamed = access.may('personalData:read', placeOfRow('holders', row, look));
		return isNamed ? holder : { ...holder, name: maskText(holder.name) };
	};
	const shown = (enrolment: Enrolment): Enrolment => {
		const { passedOn } = enrolment;
		if (passedOn?.because !== 'known' || passedOn.holder === null) return enrolment;
		return { ...enrolment, passedOn: { ...passedOn, holder: whose(passedOn.holder) } };
	};
	return {
		readers: () => enrolments.readers().filter(isTheirs),
		open(request) {
			if (!isTheirs(request)) return { result: 'noReader' };
			const opened = enrolments.open(request);
			return opened.result === 'opened' ? { ...opened, enrolment: shown(opened.enrolment) } : opened;
		},
		get(id) {
			const enrolment = enrolments.get(id);
			return enrolment !== undefined && isTheirs(enrolment) ? shown(enrolment) : undefined;
		},
		list: () => enrolments.list().filter(isTheirs).map(shown),
		cancel(id) {
			const enrolment = enrolments.get(id);
			if (enrolment === undefined || !isTheirs(enrolment)) return undefined;
			const cancelled = enrolments.cancel(id);
			return cancelled && shown(cancelled);
		},
	};
}
