import type { ConnectionStepState, ConnectionTest } from '../../../gateway/services/connection-test.ts';
import { Notice } from '../components/notice.tsx';
import { Pill, type Status } from '../components/status.tsx';
import { SystemWords } from '../components/text.tsx';
import { CsrfField } from '../layout/account-menu.tsx';
import type { Ui } from '../ui.ts';

export const CONNECTION_TEST_PATH = '/sync/test';
const LIVE_PATH = '/live/sync/test';

const RESULTS: Readonly<Record<ConnectionStepState['result'], Status>> = {
	waiting: { tone: 'quiet', icon: 'clock', label: 'linkTest.result.waiting' },
	running: { tone: 'active', icon: 'clock', label: 'linkTest.result.running' },
	ok: { tone: 'good', icon: 'check', label: 'linkTest.result.ok' },
	failed: { tone: 'bad', icon: 'cross', label: 'linkTest.result.failed' },
	skipped: { tone: 'quiet', icon: 'dash', label: 'linkTest.result.skipped' },
};

/** The button, and the steps of the last test; while one runs it is fetched again until it is over. */
export function ConnectionTestPanel({ ui, test }: { ui: Ui; test: ConnectionTest | null }) {
	const { t } = ui;
	const isRunning = test?.result === 'running';
	const again = isRunning && { 'hx-get': LIVE_PATH, 'hx-trigger': 'every 500ms', 'hx-swap': 'outerHTML' };
	return (
		<section class="card link-test" id="connection-test" aria-labelledby="link-test-title" {...again}>
			<div class="link-test__head">
				<h2 class="card__title" id="link-test-title">
					{t('linkTest.title')}
				</h2>
				{ui.may('sync:test') && (
					<form
						method="post"
						action={CONNECTION_TEST_PATH}
						hx-post={CONNECTION_TEST_PATH}
						hx-target="#connection-test"
						hx-swap="outerHTML"
					>
						<CsrfField ui={ui} />
						<button class="button" type="submit" id="run-connection-test" disabled={isRunning}>
							{t(test === null ? 'linkTest.run' : 'linkTest.again')}
						</button>
					</form>
				)}
			</div>
			<p class="card__note">{t('linkTest.hint')}</p>
			{test !== null && <Outcome ui={ui} test={test} />}
			{test !== null && (
				<ol class="link-test__steps">
					{test.steps.map((step) => (
						<Step ui={ui} state={step} />
					))}
				</ol>
			)}
		</section>
	);
}

/** Read out when it changes. */
function Outcome({ ui, test }: { ui: Ui; test: ConnectionTest }) {
	const { t } = ui;
	const failed = test.steps.filter(({ result }) => result === 'failed').length;
	const at = <p>{t('linkTest.at', { time: ui.formats.full(test.atMs) })}</p>;
	return (
		<div class="link-test__outcome" role="status">
			{test.result === 'running' && <Notice tone="active" icon="clock" title={t('linkTest.running')} />}
			{test.result === 'passed' && (
				<Notice tone="good" title={t('linkTest.passed')}>
					{at}
				</Notice>
			)}
			{test.result === 'failed' && (
				<Notice tone="bad" title={t('linkTest.failed', { count: failed })}>
					{at}
				</Notice>
			)}
		</div>
	);
}

function Step({ ui, state: { step, result, durationMs, text } }: { ui: Ui; state: ConnectionStepState }) {
	const { t } = ui;
	const { tone, icon, label } = RESULTS[result];
	return (
		<li class={`link-test__step link-test__step--${result}`}>
			<span class="link-test__name">{t(`linkTest.step.${step}`)}</span>
			<Pill tone={tone} icon={icon}>
				{t(label)}
			</Pill>
			{(text !== null || durationMs !== null) && (
				<p class="link-test__found">
					{text !== null && <SystemWords ui={ui} text={text} />}
					{durationMs !== null && result !== 'skipped' && (
						<span class="link-test__took"> {`${ui.formats.number(durationMs)} ms`}</span>
					)}
				</p>
			)}
		</li>
	);
}
