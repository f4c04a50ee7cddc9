import type { Site } from '../../gateway/core/site.ts';
import type { LoginSession } from '../../gateway/services/operators.ts';
import type { Language, Translate } from './catalogue/translator.ts';
import type { IconName } from './components/icon.tsx';
import type { Formats } from './formats.ts';
import type { Theme } from './preferences.ts';

/** What a page is written and framed with, whichever program it belongs to: the gateway's console or central's pages. */
export interface PageUi {
	readonly language: Language;
	readonly theme: Theme;
	readonly t: Translate;
	readonly formats: Formats;
	/** Whose pages these are, and the zone of their times. */
	readonly site: Pick<Site, 'name' | 'timeZone'>;
	readonly login: LoginSession | null;
	/** Path and query of the page that is shown: where a preference form returns to. */
	readonly here: string;
	readonly requestId: string;
	readonly nowMs: number;
	/** Where the reader's own account is; absent: they have none. */
	readonly accountHref?: string;
	/** Where the reader’s way begins; absent: at the front. */
	readonly homeHref?: string;
	/** The reader's own picture; absent: they gave none. */
	readonly pictureHref?: string;
	/** Style sheets of this program's own pages, after the shared ones. */
	readonly styles?: readonly string[];
	/** Address of a file of `assets/`, new with every version. */
	asset(name: string): string;
	/** The ways through the pages that the reader may take. */
	menu(): readonly MenuGroup[];
}

export interface MenuGroup {
	readonly label: string;
	readonly items: readonly MenuItem[];
}

export interface MenuItem {
	readonly href: string;
	readonly label: string;
	readonly icon: IconName;
	/** The page that is shown is it, or was opened from it. */
	readonly isCurrent: boolean;
	/** One of the few that stand at the thumb; the others are behind the menu's button. */
	readonly onPhone: boolean;
}
