import { type Command, Option } from 'commander';
import type { Verdict } from '../../../gateway/core/access/decision.ts';
import { type NextAction, nextActions } from '../../../gateway/core/access/next-actions.ts';
import { escapeHidden } from '../../../gateway/core/hidden-text.ts';
import { NEAREST_REASON } from '../../../gateway/core/reason-standards.ts';
import { type Language, reasonText } from '../../../gateway/core/reason-texts/reason-text.ts';
import { createPresenter, type Presenter } from '../../http/present.ts';
import { type CommandContext, configOption, example, jsonOption } from '../command-context.ts';
import type { ExplainOptions, Explanation } from '../handlers.ts';
import { type AskedMoment, parseMoment } from '../moment.ts';
import { jsonLine, printTable } from '../output.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
	readonly config: string;
	readonly lane: string;
	readonly holder?: string;
	readonly tag?: string;
	readonly plate?: string;
	readonly at: AskedMoment;
	readonly direction?: 'forward' | 'back';
	readonly lang: Language;
	readonly all?: true;
	readonly json?: true;
}

export function addExplain(program: Command, { handlers, terminal }: CommandContext): void {
	program
		.command('explain')
		.summary('tell whether somebody may enter, and why')
		.description(
			'Decides for somebody at a lane at a time, as the gateway would, and tells why. Opens and records nothing; occupancy, presence and the state of the lane are those of now.',
		)
		.addOption(new Option('--lane <id>', 'the lane in gateway.yaml').makeOptionMandatory())
		.addOption(new Option('--holder <id>', 'with whatever tag and plate they have').conflicts(['tag', 'plate']))
		.addOption(new Option('--tag <tag>', 'a tag as it would be read').conflicts(['holder', 'plate']))
		.addOption(new Option('--plate <plate>', 'a plate as it would be read').conflicts(['holder', 'tag']))
		.addOption(
			new Option('--at <time>', 'a time with its offset, or such as +2h from now')
				.argParser(parseMoment)
				.default({ fromNowMs: 0 }, 'now'),
		)
		.addOption(new Option('--direction <way>', 'of a reversible lane').choices(['forward', 'back']))
		.addOption(new Option('--lang <language>', 'of cause and advice').choices(['en', 'fr', 'nl']).default('en'))
		.option('--all', 'show also the rules that have nothing to say here')
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText(
			'after',
			example(
				'sudo -u parkgate parkgate explain --holder h-1024 --lane L1 --at 2026-08-01T09:30+02:00',
				'sudo -u parkgate parkgate explain --plate 1-ABC-234 --lane L1',
			),
		)
		.action(async (options: Options, command: Command) => {
			const explanation = await handlers.explain({
				configFile: options.config,
				laneId: options.lane,
				who: whoOf(options, command),
				at: options.at,
				...(options.direction !== undefined && { direction: options.direction }),
			});
			const presenter = createPresenter(explanation.timeZone);
			const words = wordsOf(explanation, options.lang);
			if (options.json) terminal.out(jsonLine(asData(explanation, words, presenter)));
			else print(terminal, explanation, words, presenter, options.all === true);
		});
}

function whoOf({ holder, tag, plate }: Options, command: Command): ExplainOptions['who'] {
	if (holder !== undefined) return { kind: 'holder', holderId: holder };
	if (tag !== undefined) return { kind: 'tag', value: tag };
	if (plate !== undefined) return { kind: 'plate', value: plate };
	return command.error('error: say who: --holder, --tag or --plate', { exitCode: 2 });
}

interface Words {
	readonly language: Language;
	readonly cause: string | null;
	readonly advice: string | null;
	readonly nearest: (typeof NEAREST_REASON)[keyof typeof NEAREST_REASON] | null;
	readonly nextActions: readonly NextAction[];
}

function wordsOf({ decision }: Explanation, language: Language): Words {
	const { headline } = decision;
	return {
		language,
		...(headline === null ? { cause: null, advice: null } : reasonText(headline, language)),
		nearest: headline === null ? null : NEAREST_REASON[headline],
		// Whoever runs this on the gateway's machine is no operator who could lack a permission.
		nextActions: nextActions(decision, { may: () => true }),
	};
}

/** The names are those of the HTTP API. */
function asData({ atMs, laneId, holderName, decision, facts }: Explanation, words: Words, { present }: Presenter) {
	return present({ atMs, laneId, holderName, decision, ...words, facts });
}

function print(terminal: Terminal, explanation: Explanation, words: Words, presenter: Presenter, all: boolean): void {
	const { decision, holderName, laneName, laneId, atMs } = explanation;
	const { outcome, headline, verdicts } = decision;
	const colour = outcome === 'granted' ? 'green' : 'red';
	const verdict = headline === null ? outcome : `${outcome}, ${headline}`;
	const line = (text: string) => terminal.out(`${text}\n`);
	line(
		`${escapeHidden(`${holderName ?? 'Somebody unknown'} at ${laneName} (${laneId}), ${presenter.time(atMs)}`)}: ` +
			terminal.style(colour, verdict),
	);
	if (words.cause !== null) line(`  ${words.cause} ${words.advice}`);
	line(`  Next: ${words.nextActions.map(({ action, who }) => `${action} (${who})`).join(', ')}`);
	if (words.nearest !== null) line(`  Elsewhere: ONVIF ${words.nearest.onvif}, BACnet ${words.nearest.bacnet}`);
	line('');
	const shown = verdicts.filter(({ verdict: { result } }) => all || result !== 'notApplicable');
	printTable(
		terminal,
		['RULE', 'VERDICT', 'BECAUSE'],
		shown.map(({ rule, verdict: told }) => [rule, told.result, becauseOf(told, presenter)]),
	);
	const left = verdicts.length - shown.length;
	if (left > 0) line(terminal.style('dim', `Rules with nothing to say here: ${left}; --all shows them.`));
}

function becauseOf(verdict: Verdict, { present }: Presenter): string {
	if (verdict.result === 'notApplicable') return verdict.because;
	const { detail } = present({ detail: 'detail' in verdict ? (verdict.detail ?? {}) : {} });
	const figures = Object.entries(detail).map(([name, figure]) => `${name} ${figure ?? 'none'}`);
	return [...(verdict.result === 'waived' ? [`by ${verdict.by}`] : []), ...figures].join(', ');
}
