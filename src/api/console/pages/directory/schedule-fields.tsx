import { FieldError } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import type { Ui } from '../../ui.ts';
import { StepButton } from './form-steps.tsx';
import type { FormValues } from './form-values.ts';
import { type SchedulePart, type TypedHours, typedDays, typedPeriods } from './schedule-values.ts';
import { WeekPicture } from './week-picture.tsx';
import { WEEKDAYS } from './week-words.tsx';

interface ScheduleFieldsProps {
	readonly ui: Ui;
	/** Where the form is sent. */
	readonly action: string;
	readonly values: FormValues;
	readonly error: string | undefined;
	/** The step that led here: what it added gets the focus. */
	readonly step: string;
}

/** Hours of the week or special days: rows that buttons add and remove, with and without scripts. */
export function ScheduleFields({ part, ...props }: ScheduleFieldsProps & { part: SchedulePart }) {
	return part === 'periods' ? <Periods {...props} /> : <Days {...props} />;
}

function Periods({ ui, action, values, error, step }: ScheduleFieldsProps) {
	const { t } = ui;
	const periods = typedPeriods(values);
	return (
		<fieldset class="field hours-editor">
			<legend class="field__label">{ui.directory.field('schedules', 'periods').label}</legend>
			<WeekPicture ui={ui} periods={periods} />
			{periods.length === 0 && <p class="muted">{t('dir.schedule.noPeriods')}</p>}
			<ol class="hours-editor__rows">
				{periods.map((period, place) => (
					<li class="hours-row">
						<fieldset class="weekdays">
							<legend class="visually-hidden">{t('dir.schedule.daysOf', { place: place + 1 })}</legend>
							{WEEKDAYS.map((day) => (
								<label class="weekday">
									<input
										type="checkbox"
										name={`periods.${place}.days`}
										value={day}
										checked={period.days.includes(String(day))}
										aria-label={ui.formats.weekday(day, 'long')}
										autofocus={step === 'add:periods' && place === periods.length - 1 && day === 1}
									/>
									<span aria-hidden="true">{ui.formats.weekday(day, 'short')}</span>
								</label>
							))}
						</fieldset>
						<Hours ui={ui} name={`periods.${place}`} hours={period} />
						<StepButton
							action={action}
							step={`remove:periods.${place}`}
							label={t('dir.schedule.remove')}
							icon="trash"
							quiet
						/>
					</li>
				))}
			</ol>
			<StepButton action={action} step="add:periods" label={t('dir.schedule.addPeriod')} icon="plus" />
			<p class="field__hint">{t('dir.schedule.midnightHint')}</p>
			<FieldError id="periods-error" error={error} />
		</fieldset>
	);
}

function Days({ ui, action, values, error, step }: ScheduleFieldsProps) {
	const { t } = ui;
	const days = typedDays(values);
	const { label, help } = ui.directory.field('schedules', 'specialDays');
	return (
		<fieldset class="field hours-editor">
			<legend class="field__label">{label}</legend>
			<p class="field__hint">{help}</p>
			<ol class="hours-editor__rows">
				{days.map(({ date, name, periods }, place) => (
					<li class="special-day">
						<div class="special-day__head">
							<label class="small-field">
								<span class="field__label">{t('dir.schedule.date')}</span>
								<input
									class="small-input"
									type="date"
									name={`specialDays.${place}.date`}
									value={date}
									autofocus={step === 'add:specialDays' && place === days.length - 1}
								/>
							</label>
							<label class="small-field small-field--wide">
								<span class="field__label">{t('dir.schedule.name')}</span>
								<input
									class="small-input"
									type="text"
									name={`specialDays.${place}.name`}
									value={name}
									maxlength={200}
									autocomplete="off"
								/>
							</label>
							<StepButton
								action={action}
								step={`remove:specialDays.${place}`}
								label={t('dir.schedule.removeDay')}
								icon="trash"
								quiet
							/>
						</div>
						{periods.length === 0 && <p class="muted">{t('dir.schedule.closed')}</p>}
						{periods.map((hours, hourPlace) => (
							<div class="hours-row">
								<Hours ui={ui} name={`specialDays.${place}.periods.${hourPlace}`} hours={hours} />
								<StepButton
									action={action}
									step={`remove:specialDays.${place}.periods.${hourPlace}`}
									label={t('dir.schedule.remove')}
									icon="trash"
									quiet
								/>
							</div>
						))}
						<StepButton
							action={action}
							step={`add:specialDays.${place}.periods`}
							label={t('dir.schedule.addHours')}
							icon="plus"
							quiet
							worded
						/>
					</li>
				))}
			</ol>
			<StepButton action={action} step="add:specialDays" label={t('dir.schedule.addDay')} icon="plus" />
			<FieldError id="specialDays-error" error={error} />
		</fieldset>
	);
}

/** Text, not `time`: an end at 24:00 is none that a browser's time field takes. */
function Hours({ ui, name, hours }: { ui: Ui; name: string; hours: TypedHours }) {
	const { t } = ui;
	return (
		<span class="hours-row__times">
			{(['from', 'to'] as const).map((end) => (
				<label class="small-field">
					<span class="visually-hidden">{t(`dir.schedule.${end}`)}</span>
					{end === 'to' && <Icon name="dash-line" size="small" />}
					<input
						class="small-input small-input--time"
						type="text"
						inputmode="numeric"
						name={`${name}.${end}`}
						value={hours[end]}
						pattern="([01][0-9]|2[0-3]):[0-5][0-9]|24:00"
						title={t('dir.schedule.timeFormat')}
						maxlength={5}
						autocomplete="off"
					/>
				</label>
			))}
		</span>
	);
}
