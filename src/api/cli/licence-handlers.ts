import type { LicenceKind } from '../../gateway/core/licence/licence-kinds.ts';
import type { LicenceTerm } from '../../gateway/core/licence/licence-term.ts';
import type { ParkStatement, ProductLicence } from '../../gateway/core/licence/product-licence.ts';
import type {
	GrantAnswer,
	KindUse,
	LicensedOperators,
	LicensedOperatorsQuery,
} from '../../gateway/services/licensing/licence-grants.ts';
import type { Installed } from '../../gateway/services/licensing/licence-standing.ts';

/** What the commands of licences need done; see `CliHandlers`. */
export interface LicenceHandlers {
	/** What the running gateway goes by; reads its files only. */
	showLicence(options: { readonly configFile: string }): Promise<LicenceReport>;
	/** The gateway acts on it within a minute, at once when it starts. @param text As it came. */
	installLicence(options: DocumentOptions): Promise<Installed<ProductLicence>>;
	installParkStatement(options: DocumentOptions): Promise<Installed<ParkStatement>>;
	/** For the vendor: a JWS by the gateway's own key. */
	licenceRequest(options: { readonly configFile: string }): Promise<string>;
	licenceKinds(options: { readonly configFile: string }): Promise<readonly KindUse[]>;
	/** By name. */
	licensedOperators(options: OperatorsOptions): Promise<LicensedOperators>;
	/** Acts on their next request. @param email in any case. */
	changeLicenceKinds(options: KindChangeOptions): Promise<GrantAnswer>;
	/** Signs claims; throws INVALID_REQUEST for claims or a key that are none. */
	issueDocument(options: IssueOptions): Promise<string>;
}

interface OperatorsOptions extends Omit<LicensedOperatorsQuery, 'after'> {
	readonly configFile: string;
}

export interface KindChangeOptions {
	readonly configFile: string;
	readonly email: string;
	readonly give: readonly LicenceKind[];
	readonly take: readonly LicenceKind[];
}

interface DocumentOptions {
	readonly configFile: string;
	readonly text: string;
}

export interface IssueOptions {
	readonly kind: 'productLicence' | 'parkStatement';
	/** PKCS #8, PEM. */
	readonly privateKeyPem: string;
	/** JSON; number and times that are left out are filled in. */
	readonly claims: string;
}

export interface LicenceReport {
	readonly licence: ProductLicence | null;
	readonly term: LicenceTerm;
	/** Why the stored one does not count. */
	readonly problem: string | null;
	readonly operators: { readonly used: number; readonly available: number };
	readonly cameras: readonly { readonly cameraId: string; readonly active: boolean }[];
	readonly cameraPool: number;
	readonly parks: readonly { readonly parkId: string; readonly active: boolean }[];
	/** RFC 7638 thumbprint; null: the gateway was never started. */
	readonly gatewayKey: string | null;
}
