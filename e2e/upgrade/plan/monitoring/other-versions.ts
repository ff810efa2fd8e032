import { gte, type SemVer } from "semver";
import type { Danger } from "../../reason-kinds.ts";

/**
 * Functions and fields that not all versions have, found by comparing sources: what Prometheus 3.6 to 3.12 have beyond
 * 3.5, and what 2 had; what Alertmanager 0.29 to 0.32 have beyond 0.28.
 */
const compared = {
	promtool: {
		since: "0.0.0",
		until: "3.13.0",
		names: `end first_over_time histogram_quantiles holt_winters max_of min_of range start step ts_of_first_over_time
		audience chunk_encoding claims client_certificate_key client_certificate_key_file client_certificate_key_id
		client_certificate_key_ref clusters external_id extra_scrape_metrics grant_type health_filter iss
		label_name_preserve_multiple_underscores label_name_underscore_sanitization promote_scope_metadata
		request_concurrency scrape_classic_histograms scrape_native_histograms signature_algorithm`,
	},
	amtool: {
		since: "0.29.0",
		until: "0.33.0",
		names: `alert_source_token alert_source_token_file api_secret_file api_type app_token app_token_file app_url
		attachments auth_secret_file author_icon author_link author_name card chat_id_file client_type compression
		enable_update enabled endpoint footer_icon force_implicit_tls incidentio_configs insecure mattermost_configs
		mattermost_webhook_url mattermost_webhook_url_file message_text monospace payload persistent_notifications props
		requested_ack sampling_fraction slack_app_token slack_app_token_file slack_app_url smtp_auth_secret_file
		smtp_force_implicit_tls telegram_bot_token telegram_bot_token_file template thread_by_date threading tracing
		update_message wechat_api_secret_file`,
	},
} as const;

/** What a tool's refusal means for the server of another version. */
export interface Judgement {
	/** Whether the server accepts it. */
	readonly isAccepted: boolean;
	/** Set if nobody has compared the two versions: a person has to decide. */
	readonly danger?: Danger;
	/** A sentence that says so; empty if there is no doubt. */
	readonly doubt: string;
}

/**
 * Judges what a tool refuses by the version of the server.
 *
 * @param own that of the server
 * @param version that of the tool, if it is known
 */
export function judgeRefusal(
	problem: string,
	tool: keyof typeof compared,
	own: SemVer | undefined,
	version?: SemVer,
): Judgement {
	const refused = { isAccepted: false, doubt: "" };
	// Nobody knows what a placeholder stands for.
	if (problem.includes("placeholder-")) return { isAccepted: true, doubt: "" };
	const names = [
		...problem.matchAll(
			/unknown function with name "(\w+)"|function "(\w+)" is not enabled|field (\w+) not found in type/g,
		),
	].map(([, unknown, off, field]) => unknown ?? off ?? field ?? "");
	const isSame =
		own !== undefined &&
		own.major === version?.major &&
		own.minor === version.minor;
	const { since, until, names: changing } = compared[tool];
	const isOlder = own !== undefined && !gte(own, since);
	if (names.length === 0 || isSame || isOlder) return refused;
	if (names.every((name) => changing.split(/\s+/).includes(name)))
		return { isAccepted: true, doubt: "" };
	if (own !== undefined && !gte(own, until)) return refused;
	return {
		isAccepted: false,
		danger: "review",
		doubt: ` ${[tool, version?.version].filter(Boolean).join(" ")} says so; ${own ? `version ${own.version}` : "that of your image"} may know it.`,
	};
}
