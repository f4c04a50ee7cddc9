import { personalView } from '../../gateway/services/privacy/personal-view.ts';
import type { HttpContext } from '../http/login-context.ts';
import type { ConsoleDeps, People } from './console-deps.ts';
import { directorySeenBy } from './directory-seen-by.ts';
import type { Ui } from './ui.ts';

type Found = Pick<People, 'find' | 'holder'>;

interface Asked {
	/** As typed; empty: nobody is looked for by name. */
	readonly q: string;
	readonly limit: number;
	readonly kinds?: readonly string[];
}

/** Whom who has a part of the directory finds: those they see, by name where they read names. */
export async function peopleSeenBy(
	c: HttpContext,
	all: ConsoleDeps,
	ui: Ui,
	{ q, limit, kinds }: Asked,
): Promise<Found> {
	const { edits, directoryLists } = directorySeenBy(c, all);
	const sees = ui.seesRows('holders');
	const holder: Found['holder'] = (id) => {
		const hit = edits.get('holders', id) === undefined ? undefined : all.people.holder(id);
		return hit && personalView(sees).hit(hit);
	};
	const query = { table: 'holders', q, ...(kinds && { where: { kind: kinds } }) } as const;
	const found = sees && q !== '' ? (await directoryLists.page(query, { limit })).items : [];
	return { holder, find: () => found.flatMap(({ id }) => holder(String(id)) ?? []) };
}
