import type { Child } from 'hono/jsx';
import type { DirectoryTable } from '../../../../gateway/core/directory.ts';
import type { EditProblem } from '../../../../gateway/services/directory/directory-edits.ts';
import { Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { problemText } from './problem-texts.ts';

/** How many rows of each table. */
export function Consequences({
	ui,
	title,
	rows,
}: {
	ui: Ui;
	title: string;
	rows: readonly { readonly table: DirectoryTable }[];
}) {
	if (rows.length === 0) return null;
	const counts = Map.groupBy(rows, ({ table }) => table);
	return (
		<Notice tone="warning" title={title}>
			<ul class="consequences">
				{[...counts].map(([table, list]) => (
					<li>{ui.directory.count(table, list.length)}</li>
				))}
			</ul>
		</Notice>
	);
}

const PROBLEMS_SHOWN = 8;

/** Why something can't be done. */
export function Problems({ ui, problems }: { ui: Ui; problems: readonly EditProblem[] }) {
	const texts = [...new Set(problems.map((problem) => problemText(ui, problem)))];
	return (
		<ul class="consequences">
			{texts.slice(0, PROBLEMS_SHOWN).map((text) => (
				<li>
					<Untrusted ui={ui} text={text} />
				</li>
			))}
		</ul>
	);
}

export function DialogActions({ children }: { children?: Child }) {
	return <div class="dialog__actions">{children}</div>;
}
