import type { Ui } from '../ui.ts';
import { cutUntrusted } from '../untrusted-text.ts';

/** Plates, tags, names: text from outside, isolated from the direction of what stands around it. */
export function Untrusted({ ui, text, kind }: { ui: Ui; text: string; kind?: 'code' }) {
	return (
		<bdi class={kind === 'code' ? 'code' : undefined}>
			{cutUntrusted(text).map((piece) =>
				piece.kind === 'text' ? (
					piece.text
				) : (
					<span class="hidden-character" title={ui.t('app.hiddenCharacter')}>
						{piece.text}
					</span>
				),
			)}
		</bdi>
	);
}

/** A moment, short on the page and in full where the pointer rests. */
export function Moment({ ui, atMs, long = false }: { ui: Ui; atMs: number; long?: boolean }) {
	const { formats } = ui;
	return (
		<time datetime={formats.machine(atMs)} title={formats.full(atMs)}>
			{long ? formats.full(atMs) : formats.moment(atMs)}
		</time>
	);
}

/** What a device or the system said of itself: English whatever the page's language. */
export function SystemWords({ text }: { text: string }) {
	return <span lang="en">{text}</span>;
}
