import { type EnrolmentTarget, newEnrolmentHref } from '../pages/enrolment/enrolment-paths.ts';
import type { Ui } from '../ui.ts';
import { opensDialog } from './dialog-frame.tsx';
import { Icon } from './icon.tsx';

/**
 * Beside the value of a credential: a tag that is presented at a reader fills it. `field`, `labelField`: ids of the
 * inputs, `kindField`: the name of the choice between tag and code where there is one; `back`: the address of the form
 * for those without scripts, which takes `tag`, `tagLabel` and `kind` in its query. `asPage`: the form itself stands in the
 * dialog, which would be gone.
 */
export function PresentTag({
	ui,
	field,
	labelField = '',
	kindField = '',
	back,
	asPage = false,
}: { ui: Ui; asPage?: boolean } & Partial<EnrolmentTarget> & Pick<EnrolmentTarget, 'field' | 'back'>) {
	if (!ui.mayInParts('enrolments:write')) return null;
	const href = newEnrolmentHref({ field, labelField, kindField, back });
	return (
		<a class="present-tag" href={href} {...(asPage ? {} : opensDialog(href))}>
			<Icon name="tag" size="small" />
			{ui.t('enrolment.present')}
		</a>
	);
}
