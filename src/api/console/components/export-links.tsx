import type { Ui } from '../ui.ts';

/** The same list to take along; what is empty does not narrow it. */
export function ExportLinks(props: {
	readonly ui: Ui;
	readonly path: string;
	readonly query: Readonly<Record<string, string>>;
}) {
	const { ui, path, query } = props;
	const given = [...Object.entries(query).filter(([, value]) => value !== ''), ['lang', ui.language]];
	const href = (format: 'csv' | 'xlsx') => `${path}?${new URLSearchParams([...given, ['format', format]])}`;
	return (
		<>
			{ui.t('dir.export')}{' '}
			<a href={href('csv')} download>
				CSV
			</a>{' '}
			<a href={href('xlsx')} download>
				Excel
			</a>
		</>
	);
}
