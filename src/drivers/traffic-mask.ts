import type { Cancel, Clock } from '../gateway/core/clock.ts';
import { guardTimers } from './guard-timers.ts';
import type { TapListener, TappedBytes } from './line-taps.ts';

/** Puts something harmless for keys and PINs in one direction of a line, in any chunks. */
export interface TrafficMask {
	/** What may be seen by now, in the chunks it is to be shown in. */
	push(chunk: Uint8Array): readonly Uint8Array[];
	/** What waits until it is known whether it is a PIN: seen once nothing followed for `gapMs`. Absent: nothing ever waits. */
	readonly held?: { readonly gapMs: number; take(): readonly Uint8Array[] };
}

/** A listener that hears of no key and no PIN. */
export interface MaskedListener {
	readonly listener: TapListener;
	/** What still waits is never told. */
	readonly cancel: Cancel;
}

/** @param onError the listener threw when it was told what had waited; it is told nothing more */
export function maskListener(
	createMask: () => TrafficMask,
	listener: TapListener,
	{ clock, onError }: { readonly clock: Clock; readonly onError: (error: unknown) => void },
): MaskedListener {
	const sides = { in: maskSide(), out: maskSide() };
	const guarded = guardTimers(clock, (error) => {
		cancel();
		onError(error);
	});

	function maskSide() {
		const mask = createMask();
		let cancelWait: Cancel | undefined;
		return {
			take({ bytes, ...tapped }: TappedBytes): void {
				cancelWait?.();
				for (const seen of mask.push(bytes)) listener({ ...tapped, bytes: seen });
				const { held } = mask;
				if (held === undefined) return;
				cancelWait = guarded.after(held.gapMs, () => {
					for (const seen of held.take()) listener({ ...tapped, bytes: seen });
				});
			},
			cancel: () => cancelWait?.(),
		};
	}

	function cancel(): void {
		sides.in.cancel();
		sides.out.cancel();
	}

	return { listener: (tapped) => sides[tapped.direction].take(tapped), cancel };
}
