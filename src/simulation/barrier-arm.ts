import type { Cancel, Clock } from '../gateway/core/clock.ts';
import type { Lane } from '../gateway/core/site.ts';
import type { SiteHardware } from './site-hardware.ts';

export interface BarrierArm {
	isOpen(): boolean;
	/** The safety loop is wired to the barrier too: the arm never comes down on a vehicle. */
	setBoomOccupied(occupied: boolean): void;
	/** A hand or a car lifts it without an opening. */
	force(): void;
}

export interface ArmTimes {
	readonly travelMs: number;
	/** Stays up this long after the boom was last clear. */
	readonly closeAfterMs: number;
	/** How often the relay contact is looked at. */
	readonly watchMs: number;
}

export const USUAL_ARM: ArmTimes = { travelMs: 1_200, closeAfterMs: 2_500, watchMs: 40 };

type Position = 'closed' | 'rising' | 'open' | 'falling';

/** A barrier as it hangs behind the relay: a pulse on its contact raises the arm, limit switches tell where it is. */
export function createBarrierArm(clock: Clock, hardware: SiteHardware, lane: Lane, times = USUAL_ARM): BarrierArm {
	let position: Position = 'closed';
	let contact = false;
	let occupied = false;
	let move: Cancel | undefined;
	clock.after(times.watchMs, look);
	show();

	function look(): void {
		clock.after(times.watchMs, look);
		const { barrier } = lane;
		const on = barrier !== undefined && hardware.outputs(barrier.deviceId)[barrier.output] === true;
		if (on && !contact) rise();
		contact = on;
	}

	function rise(): void {
		if (position === 'open') {
			stayOpen();
			return;
		}
		go('rising', times.travelMs, () => {
			go('open', times.closeAfterMs, fall);
		});
	}

	function stayOpen(): void {
		go('open', times.closeAfterMs, fall);
	}

	function fall(): void {
		if (occupied) {
			stayOpen();
			return;
		}
		go('falling', times.travelMs, () => {
			position = 'closed';
			show();
		});
	}

	function go(next: Position, durationMs: number, then: () => void): void {
		move?.();
		position = next;
		show();
		move = clock.after(durationMs, then);
	}

	function show(): void {
		setInput(lane.position.open, position === 'open');
		setInput(lane.position.closed, position === 'closed');
	}

	function setInput(ref: Lane['position']['open'], active: boolean): void {
		if (ref !== undefined) hardware.stimulate(ref.deviceId, `input ${ref.input} ${active ? 'on' : 'off'}`);
	}

	return {
		isOpen: () => position === 'open',
		setBoomOccupied(now) {
			occupied = now;
			if (now && position === 'falling') rise();
		},
		force: rise,
	};
}
