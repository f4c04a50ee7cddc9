import { randomBytes } from 'node:crypto';
import type { Hono } from 'hono';
import type { Log } from '../../gateway/core/log.ts';
import { moduleOf } from '../../gateway/core/permission/modules.ts';
import { createPlaces } from '../../gateway/core/permission/scope.ts';
import type { Site } from '../../gateway/core/site.ts';
import type { AccessLog } from '../../gateway/services/access-log.ts';
import { type SeenBookingsDeps, seenBookings } from '../../gateway/services/bookings/seen-bookings.ts';
import { type SeenChargesDeps, seenCharges } from '../../gateway/services/charges/seen-charges.ts';
import { type SeenDirectoryDeps, seenDirectory, seenExports } from '../../gateway/services/directory/seen-directory.ts';
import type { Feed } from '../../gateway/services/feed.ts';
import type { Operators } from '../../gateway/services/operators.ts';
import { type SeenStandingsDeps, seenStandings } from '../../gateway/services/stays/seen-standings.ts';
import { type SeenVisitorsDeps, seenVisitors } from '../../gateway/services/visitors/seen-visitors.ts';
import { frameApp, type HttpApp } from './app-frame.ts';
import type { Assets } from './assets.ts';
import { createDirectoryAnswers } from './directory-changes.ts';
import { createRowTags } from './directory-rows.ts';
import { createEventStreams } from './event-streams.ts';
import { createIdempotency } from './idempotency.ts';
import { type HttpContext, type HttpEnv, type Logins, requireLogin } from './login-context.ts';
import { COOKIE_LOGIN, TOKEN_LOGIN } from './open-api.ts';
import { createPersonalViewOf, type SeesPersonalData, seesByPermission } from './personal-view-of.ts';
import { createPresenter } from './present.ts';
import { type ActivityRoutesDeps, activityRoutes } from './routes/activity-routes.ts';
import { type AnalyticsRoutesDeps, analyticsRoutes } from './routes/analytics-routes.ts';
import { apiTokenRoutes } from './routes/api-token-routes.ts';
import { type AuditRoutesDeps, auditRoutes } from './routes/audit-routes.ts';
import { type BookingRoutesDeps, bookingRoutes } from './routes/booking-routes.ts';
import { type BundleRoutesDeps, bundleRoutes } from './routes/bundle-routes.ts';
import { type CentralAccountRoutesDeps, centralAccountRoutes } from './routes/central-account-routes.ts';
import { type ChargeRoutesDeps, chargeRoutes } from './routes/charge-routes.ts';
import { type ClockRoutesDeps, clockRoutes } from './routes/clock-routes.ts';
import { type ConfigurationRoutesDeps, configurationRoutes } from './routes/configuration-routes.ts';
import { type ConnectionTestRoutesDeps, connectionTestRoutes } from './routes/connection-test-routes.ts';
import { dashboardRoutes } from './routes/dashboard-routes.ts';
import { type DecisionExportRoutesDeps, decisionExportRoutes } from './routes/decision-export-routes.ts';
import { type DecisionQuestionDeps, decisionQuestionRoutes } from './routes/decision-question-routes.ts';
import { decisionRoutes } from './routes/decision-routes.ts';
import { type DirectoryRoutesDeps, directoryRoutes } from './routes/directory-routes.ts';
import { type EnrolmentRoutesDeps, enrolmentRoutes } from './routes/enrolment-routes.ts';
import { eventRoutes } from './routes/event-routes.ts';
import { type EvidenceRoutesDeps, evidenceRoutes } from './routes/evidence-routes.ts';
import { exportListRoute } from './routes/export-list-route.ts';
import { type FieldRoutesDeps, fieldRoutes } from './routes/field-routes.ts';
import { type HandOverRoutesDeps, handOverRoutes } from './routes/hand-over-routes.ts';
import { type HealthRoutesDeps, healthRoutes } from './routes/health-routes.ts';
import { importMappingRoutes } from './routes/import-mapping-routes.ts';
import { type ImportRoutesDeps, importRoutes } from './routes/import-routes.ts';
import { interventionPhotoRoutes } from './routes/intervention-photo-routes.ts';
import { type InterventionRoutesDeps, interventionRoutes } from './routes/intervention-routes.ts';
import { type KeyWindowRoutesDeps, keyWindowRoutes } from './routes/key-window-routes.ts';
import { type LaneEventRoutesDeps, laneEventRoutes } from './routes/lane-event-routes.ts';
import { laneModeRoutes } from './routes/lane-mode-routes.ts';
import { laneRoutes } from './routes/lane-routes.ts';
import { type LicenceRoutesDeps, licenceRoutes } from './routes/licence-routes.ts';
import { loginRoutes } from './routes/login-routes.ts';
import { loginSessionRoutes } from './routes/login-session-routes.ts';
import { type MarketingRoutesDeps, marketingRoutes } from './routes/marketing-routes.ts';
import { moderationRoutes } from './routes/moderation-routes.ts';
import { type ObservationRoutesDeps, observationRoutes } from './routes/observation-routes.ts';
import { type OccupancyRoutesDeps, occupancyRoutes } from './routes/occupancy-routes.ts';
import { type OffboardingRoutesDeps, offboardingRoutes } from './routes/offboarding-routes.ts';
import { operatorBulkRoutes } from './routes/operator-bulk-routes.ts';
import { operatorGroupRoutes } from './routes/operator-group-routes.ts';
import { operatorImportRoutes } from './routes/operator-import-routes.ts';
import { operatorRoutes } from './routes/operator-routes.ts';
import { type OwnAccessRoutesDeps, ownAccessRoutes } from './routes/own-access-routes.ts';
import { ownAccountRoutes } from './routes/own-account-routes.ts';
import { ownAddressRoutes } from './routes/own-address-routes.ts';
import { type ParkingSessionRoutesDeps, parkingSessionRoutes } from './routes/parking-session-routes.ts';
import { type PassageRoutesDeps, passageRoutes } from './routes/passage-routes.ts';
import { passkeyRoutes } from './routes/passkey-routes.ts';
import { type PersonLoginRoutesDeps, personLoginRoutes } from './routes/person-login-routes.ts';
import { type PrivacyRoutesDeps, privacyRoutes } from './routes/privacy-routes.ts';
import { recordGrantRoutes } from './routes/record-grant-routes.ts';
import { type RetentionRoutesDeps, retentionRoutes } from './routes/retention-routes.ts';
import { type RightRoutesDeps, rightRoutes } from './routes/right-routes.ts';
import { roleRoutes } from './routes/role-routes.ts';
import { rosterRoutes } from './routes/roster-routes.ts';
import { seatSwapRoutes } from './routes/seat-swap-routes.ts';
import { secondFactorRoutes } from './routes/second-factor-routes.ts';
import { type SiteRoutesDeps, siteRoutes } from './routes/site-routes.ts';
import { viewAsRoutes } from './routes/view-as-routes.ts';
import { type VisitorRoutesDeps, visitorRoutes } from './routes/visitor-routes.ts';
import { scimRoutes } from './scim/scim-routes.ts';
import { createSight } from './seen-in-parts.ts';

type Made =
	| 'presenter'
	| 'idempotency'
	| 'answers'
	| 'viewOf'
	| 'sight'
	| 'directoryOf'
	| 'visitorsOf'
	| 'bookingsOf'
	| 'chargesOf'
	| 'standingsOf';

export interface HttpAppDeps
	extends HealthRoutesDeps,
		Omit<DecisionQuestionDeps, Made>,
		Omit<OccupancyRoutesDeps, Made>,
		Omit<ParkingSessionRoutesDeps, Made>,
		Omit<EnrolmentRoutesDeps, Made>,
		Omit<OffboardingRoutesDeps, Made>,
		Omit<CentralAccountRoutesDeps, Made>,
		Omit<OwnAccessRoutesDeps, Made>,
		Omit<PersonLoginRoutesDeps, Made>,
		Omit<FieldRoutesDeps, Made>,
		Omit<EvidenceRoutesDeps, Made>,
		Omit<HandOverRoutesDeps, Made>,
		Omit<InterventionRoutesDeps, Made>,
		Omit<MarketingRoutesDeps, Made>,
		Omit<ActivityRoutesDeps, Made>,
		Omit<AuditRoutesDeps, Made>,
		Omit<AnalyticsRoutesDeps, Made>,
		Omit<VisitorRoutesDeps, Made>,
		Omit<PassageRoutesDeps, Made>,
		Omit<LaneEventRoutesDeps, Made>,
		Omit<ObservationRoutesDeps, Made>,
		Omit<DirectoryRoutesDeps, Made>,
		Omit<SeenDirectoryDeps, 'places'>,
		Omit<SeenVisitorsDeps, 'places'>,
		SeenChargesDeps,
		SeenStandingsDeps,
		Omit<SeenBookingsDeps, 'places' | 'directoryLists'>,
		Pick<Parameters<typeof seenExports>[0], 'directoryExports'>,
		Omit<RightRoutesDeps, Made>,
		Omit<ChargeRoutesDeps, Made>,
		Omit<DecisionExportRoutesDeps, Made>,
		Omit<BookingRoutesDeps, Made>,
		Omit<BundleRoutesDeps, Made>,
		Omit<SiteRoutesDeps, Made>,
		Omit<KeyWindowRoutesDeps, Made>,
		Omit<ConnectionTestRoutesDeps, Made>,
		Omit<ClockRoutesDeps, Made>,
		Omit<ImportRoutesDeps, Made>,
		Omit<PrivacyRoutesDeps, Made>,
		Omit<RetentionRoutesDeps, Made>,
		Omit<LicenceRoutesDeps, Made>,
		Omit<ConfigurationRoutesDeps, Made> {
	readonly operators: Operators;
	readonly accessLog: AccessLog;
	readonly feed: Feed;
	readonly log: Log;
	/** Whose role says so, unless given. */
	readonly seesPersonalData?: SeesPersonalData;
	/** Its zone gives every time its offset. */
	readonly site: Pick<Site, 'parks' | 'areas' | 'lanes' | 'timeZone'>;
	/** Of the program, for the API's document. */
	readonly version: string;
	/** Pages, mounted at `/` after the API; see login-context.ts for what they find and must say. */
	readonly console?: Hono<HttpEnv>;
	readonly assets?: Assets;
}

/** The gateway's HTTP face. */
export function createHttpApp(deps: HttpAppDeps): HttpApp {
	const { operators, clock, feed, log } = deps;
	const presenter = createPresenter(deps.site.timeZone);
	const { seesPersonalData = seesByPermission } = deps;
	const places = createPlaces(deps.site);
	const visitorsOf = (c: HttpContext) => seenVisitors({ ...deps, places }, requireLogin(c).access);
	const bookingsOf = (c: HttpContext) => seenBookings({ ...deps, places }, requireLogin(c).access);
	const chargesOf = (c: HttpContext) => seenCharges(deps, requireLogin(c).access);
	const standingsOf = (c: HttpContext) => seenStandings(deps, requireLogin(c).access);
	const directoryOf = (c: HttpContext) => {
		const { access } = requireLogin(c);
		return { ...seenDirectory({ ...deps, places }, access), exports: seenExports({ ...deps, places }, access) };
	};
	const sight = createSight(deps.site);
	const rowTags = createRowTags(randomBytes(32));
	const answers = createDirectoryAnswers({ directoryOf, presenter, rowTags, seesPersonalData });
	const viewOf = createPersonalViewOf(seesPersonalData);
	const made = {
		...deps,
		presenter,
		answers,
		viewOf,
		sight,
		directoryOf,
		visitorsOf,
		bookingsOf,
		chargesOf,
		standingsOf,
		idempotency: createIdempotency(clock),
	};
	const streams = createEventStreams({
		...{ feed, presenter, clock, seesPersonalData, sight },
		accessVersion: operators.accessVersion,
	});
	const routes = [
		...healthRoutes(deps),
		...loginRoutes(operators),
		...seatSwapRoutes(made),
		...operatorRoutes(made),
		...operatorGroupRoutes(made),
		...recordGrantRoutes(made),
		...operatorBulkRoutes(made),
		...operatorImportRoutes(made),
		...centralAccountRoutes(made),
		...offboardingRoutes(made),
		...viewAsRoutes(made),
		...scimRoutes(made),
		...roleRoutes(made),
		...loginSessionRoutes(made),
		...apiTokenRoutes(made),
		...secondFactorRoutes(made),
		...passkeyRoutes(made),
		...ownAccountRoutes(made),
		...ownAddressRoutes(made),
		...ownAccessRoutes(made),
		...personLoginRoutes(made),
		...laneRoutes(made),
		...laneModeRoutes(made),
		...decisionExportRoutes(made),
		...decisionRoutes(made),
		...decisionQuestionRoutes(made),
		...passageRoutes(made),
		...laneEventRoutes(made),
		...observationRoutes(made),
		...occupancyRoutes(made),
		...parkingSessionRoutes(made),
		...visitorRoutes(made),
		...enrolmentRoutes(made),
		...fieldRoutes(made),
		...evidenceRoutes(made),
		...moderationRoutes(made),
		...handOverRoutes(made),
		...interventionRoutes(made),
		...interventionPhotoRoutes(made),
		...rosterRoutes(made),
		...marketingRoutes(made),
		...activityRoutes(made),
		...auditRoutes(made),
		...dashboardRoutes(made),
		...analyticsRoutes(made),
		...siteRoutes(made),
		...keyWindowRoutes(made),
		...connectionTestRoutes(made),
		...clockRoutes(made),
		...bookingRoutes(made),
		...bundleRoutes(made),
		...directoryRoutes(made),
		...importRoutes(made),
		...importMappingRoutes(made),
		...rightRoutes(made),
		...chargeRoutes(made),
		...privacyRoutes(made),
		...retentionRoutes(made),
		...configurationRoutes(made),
		...licenceRoutes(made),
		...eventRoutes(streams),
	];
	return frameApp({
		logins: loginsOf(operators),
		clock,
		log,
		about: {
			title: 'Parkgate',
			version: deps.version,
			description:
				'The edge gateway of a parking site. Times are RFC 3339 with the offset of the site; lists are paged by cursor; what goes wrong is an RFC 9457 problem with a stable code.',
			login: COOKIE_LOGIN,
			programs: TOKEN_LOGIN,
		},
		routes: [...routes, exportListRoute(routes)],
		assets: deps.assets,
		pages: deps.console,
		closeStreams: streams.close,
	});
}

/** People by their cookies, programs by the tokens that people lent them. */
function loginsOf({ session, apiTokens, activity }: Operators): Logins {
	return {
		...{ session, bearer: apiTokens.login, bearerAgain: apiTokens.loginAgain, programActed: apiTokens.acted },
		went: ({ id }, permission) => activity.went(id, moduleOf(permission)),
	};
}
