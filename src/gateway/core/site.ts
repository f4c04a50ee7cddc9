/** The site as wired: parsed once from `gateway.yaml`, constant until a reload. Ids are `[a-zA-Z0-9-]{1,64}`. */
export interface Site {
	readonly id: string;
	readonly tenant: string;
	readonly name: string;
	/** IANA zone: schedules, days and what people read. */
	readonly timeZone: string;
	readonly parks: readonly Park[];
	/** Every area of every park, parents before children. */
	readonly areas: readonly Area[];
	readonly lanes: readonly Lane[];
	/** How old the directory may be for each kind of credential, ms; absent: any age. */
	readonly staleAfterMs: StaleAfter;
	readonly forgottenExits: ForgottenExits;
}

/** What becomes of a stay whose exit nobody saw; it ends at the next entry in any case. */
export interface ForgottenExits {
	/** null: never by time. */
	readonly autoCloseAfterMs: number | null;
	/** Whether its place counts as free then. */
	readonly autoCloseFreesPlace: boolean;
}

export type StaleAfter = Readonly<Partial<Record<'tag' | 'plate' | 'pin' | 'qr', number>>>;

export interface Park {
	readonly id: string;
	readonly name: string;
	/** Places; undefined: not limited. */
	readonly capacity?: number;
}

export interface Area {
	readonly id: string;
	readonly name: string;
	readonly parkId: string;
	readonly parentId?: string;
	readonly capacity?: number;
	/** Absent: not watched. */
	readonly antiPassback?: AntiPassback;
	/** Places that are told apart; absent: none is. */
	readonly spaces?: readonly Space[];
}

/** One place that can be kept for somebody. Its id is the only one of its kind on the site. */
export interface Space {
	readonly id: string;
	readonly name: string;
}

/** `soft` lets through and tells; `hard` refuses; `timed` refuses for a while after the passage. */
export type AntiPassback = { readonly mode: 'soft' | 'hard' } | { readonly mode: 'timed'; readonly forMs: number };

/** The other side of an entry; never an area id. */
export const OUTSIDE = 'outside';

export type LaneKind = 'entry' | 'exit' | 'reversible';
/** What identifies at this lane. */
export type IdentifyMode = 'tagOnly' | 'plateOnly' | 'either' | 'both';

export interface Lane {
	readonly id: string;
	readonly name: string;
	readonly kind: LaneKind;
	/** Area ids or `outside`, in the lane's forward direction. */
	readonly from: string;
	readonly to: string;
	readonly identify: IdentifyMode;
	readonly readers: readonly string[];
	/** Cameras whose plates count. */
	readonly cameras: readonly string[];
	/** Cameras that give a picture when a tag is read; they may stand in `cameras` too. Absent: none. */
	readonly stills?: readonly string[];
	/** Of a reader with several antennas those that look at this lane; absent: all. By the reader's id. */
	readonly antennas?: Readonly<Record<string, readonly number[]>>;
	/** Lanes whose vehicles its readers may see too: a tag that several of them read goes to one. */
	readonly beside?: readonly string[];
	readonly barrier?: OutputRef;
	/** The documented maintained output that keeps the arm up; without it a lane can't be held open. */
	readonly hold?: { readonly deviceId: string; readonly output: string };
	/** A reversible lane's devices for vehicles that come from `to`; its `arming` and `closing` loops change roles. */
	readonly back: Pick<Lane, 'readers' | 'cameras' | 'stills'>;
	readonly loops: { readonly arming?: InputRef; readonly safety?: InputRef; readonly closing?: InputRef };
	/** Limit switches of the arm; without them its position is never claimed. */
	readonly position: { readonly open?: InputRef; readonly closed?: InputRef };
	readonly fire?: InputRef;
	readonly rules: LaneRules;
}

export interface OutputRef {
	readonly deviceId: string;
	readonly output: string;
	readonly pulseMs: number;
}

export interface InputRef {
	readonly deviceId: string;
	readonly input: string;
}

/** The lane's settings; defaults in `config/lane-config.ts`. */
export interface LaneRules {
	/** Plates below it wait for a second agreeing read; 0–1. */
	readonly minimumConfidence: number;
	/** How long tag and plate are collected after the first read when both may come, ms. */
	readonly identifyWindowMs: number;
	/** From the vend to a car on the safety or closing loop, ms; then the reservation is released. */
	readonly passageTimeoutMs: number;
	/** After the arming loop cleared, how long a car may take to the next loop before it counts as backed out, ms. */
	readonly backOutMs: number;
	/** After a passage, a second car over the boom this soon without an opening of its own follows, ms. */
	readonly tailgateMs: number;
	/** A vehicle at an exit that nothing read is let out after this, ms. */
	readonly unreadExitMs: number;
	/** An arm that is still up this long after the last vehicle was let through is an alarm, ms. */
	readonly heldOpenAlarmMs: number;
	/** The arm moves from one limit switch to the other within this; longer, or both at once, is a fault, ms. */
	readonly travelMs: number;
	/** A loop that is on this long is told as stuck, ms; 0: not looked at. */
	readonly stuckLoopMs: number;
	/** One credential at two lanes the same way within this is suspected to be copied, ms; 0: not looked at. */
	readonly cloneWindowMs: number;
	/** The same refused tag or plate is decided again after this, ms. */
	readonly retryAfterMs: number;
	/** What a tag and a plate of different holders do. */
	readonly onMismatch: 'refuse' | 'useTag' | 'usePlate';
	/** A read with nobody on the arming loop may be used (long-range readers before the loop). */
	readonly useReadsWithoutVehicle: boolean;
	/** Accept the single authorised plate of the read's confusion class. */
	readonly fuzzyPlates: boolean;
	/** `withTag`: a tag and the PIN of its holder, neither alone. `never`: keypads are not listened to. Absent: a PIN lets in as a tag does. */
	readonly pin?: 'withTag' | 'never';
	readonly strictExit: boolean;
	/** When the decision can't be committed; absent: an entry refuses, an exit opens, a reversible lane as it is driven. */
	readonly onStoreFailure?: 'refuse' | 'open';
}
