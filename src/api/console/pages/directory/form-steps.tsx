import { Icon, type IconName } from '../../components/icon.tsx';

/** Where a script puts the form anew. */
export const FORM_ID = 'row-form';

interface StepButtonProps {
	/** Where the form is sent. */
	readonly action: string;
	readonly step: string;
	readonly label: string;
	readonly icon: IconName;
	/** Without an edge, and without words where an icon says enough. */
	readonly quiet?: boolean;
	readonly worded?: boolean;
}

/** Sends the form to be shown again, changed: nothing is saved, and nothing typed is lost. */
export function StepButton({ action, step, label, icon, quiet = false, worded = !quiet }: StepButtonProps) {
	return (
		<button
			class={worded ? `button ${quiet ? 'button--quiet' : ''}` : 'icon-button'}
			id={`step-${step.replaceAll(/[:.]/g, '-')}`}
			type="submit"
			name="step"
			value={step}
			formnovalidate
			aria-label={worded ? undefined : label}
			{...stepsInPlace(action)}
		>
			<Icon name={icon} {...(worded && { size: 'small' })} />
			{worded && label}
		</button>
	);
}

export function stepsInPlace(action: string) {
	return { 'hx-post': action, 'hx-target': `#${FORM_ID}`, 'hx-swap': 'outerHTML' } as const;
}
