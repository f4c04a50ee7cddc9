import { type EnrolmentTarget, newEnrolmentHref } from '../pages/enrolment/enrolment-paths.ts';
import type { Ui } from '../ui.ts';
import { opensDialog } from './dialog-frame.tsx';
import { Icon } from './icon.tsx';

/**
 * Beside the value of a credential: a tag that is presented at a reader fills it. `field`, `labelField`: ids of the
 * inputs; `back`: the address of the form for those without scripts, which takes `tag` and `tagLabel` in its query.
 */
export function PresentTag({
	ui,
	field,
	labelField = '',
	back,
}: { ui: Ui } & Partial<EnrolmentTarget> & Pick<EnrolmentTarget, 'field' | 'back'>) {
	if (!ui.may('enrolments:write')) return null;
	const href = newEnrolmentHref({ field, labelField, back });
	return (
		<a class="present-tag" href={href} {...opensDialog(href)}>
			<Icon name="tag" size="small" />
			{ui.t('enrolment.present')}
		</a>
	);
}
