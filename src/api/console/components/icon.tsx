import { createContext, useContext } from 'hono/jsx';

/** Symbols of `assets/icons.svg`. */
export type IconName =
	| 'activity'
	| 'log'
	| 'device'
	| 'sync'
	| 'person'
	| 'check'
	| 'cross'
	| 'warning'
	| 'info'
	| 'clock'
	| 'entry'
	| 'exit'
	| 'both-ways'
	| 'barrier'
	| 'car'
	| 'question'
	| 'search'
	| 'chevron-right'
	| 'chevron-left'
	| 'chevron-down'
	| 'close'
	| 'sun'
	| 'moon'
	| 'contrast'
	| 'sign-out'
	| 'dash'
	| 'shield'
	| 'offline'
	| 'tag'
	| 'plate'
	| 'eye'
	| 'advice'
	| 'stop'
	| 'held'
	| 'chart'
	| 'flame'
	| 'lock'
	| 'printer'
	| 'edit'
	| 'replay'
	| 'qr'
	| 'plus'
	| 'trash'
	| 'undo'
	| 'arrow-up'
	| 'arrow-down'
	| 'dash-line'
	| 'people'
	| 'key'
	| 'calendar'
	| 'layers'
	| 'menu'
	| 'grid'
	| 'group'
	| 'list-check'
	| 'hours'
	| 'filter'
	| 'upload'
	| 'download'
	| 'picture'
	| 'logo';

/** Where the symbols are fetched from; given by `renderHtml`. */
export const SpriteUrl = createContext('');

interface IconProps {
	readonly name: IconName;
	readonly size?: 'small' | 'large';
}

/** Decoration beside words: never the only bearer of a meaning. */
export function Icon({ name, size }: IconProps) {
	const sprite = useContext(SpriteUrl);
	return (
		<svg class={size === undefined ? 'icon' : `icon icon--${size}`} aria-hidden="true" focusable="false">
			<use href={`${sprite}#${name}`} />
		</svg>
	);
}
