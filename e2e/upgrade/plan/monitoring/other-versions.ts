import type { SemVer } from "semver";

/**
 * Functions and fields that not all versions of Prometheus have: what 3.6 to 3.12 have beyond 3.5, and what 2 had. Found
 * by comparing the sources of 3.5 and 3.12.
 */
const changing = new Set(
	`end first_over_time histogram_quantiles holt_winters max_of min_of range start step ts_of_first_over_time
	audience chunk_encoding claims client_certificate_key client_certificate_key_file client_certificate_key_id
	client_certificate_key_ref clusters external_id extra_scrape_metrics grant_type health_filter iss
	label_name_preserve_multiple_underscores label_name_underscore_sanitization promote_scope_metadata request_concurrency
	scrape_classic_histograms scrape_native_histograms signature_algorithm`.split(
		/\s+/,
	),
);
/** The newest minor version of Prometheus 3 that was compared. */
const newestCompared = 12;

/**
 * Whether another version of Prometheus may accept what promtool refuses: `no` if it refuses it, too, `yes` if it has the
 * function or the field, `perhaps` if nobody has compared the two versions.
 */
export function isKnownTo(
	own: SemVer | undefined,
	promtool: SemVer | undefined,
	problem: string,
): "yes" | "no" | "perhaps" {
	const names = [
		...problem.matchAll(
			/unknown function with name "(\w+)"|function "(\w+)" is not enabled|field (\w+) not found in type/g,
		),
	].map(([, unknown, off, field]) => unknown ?? off ?? field ?? "");
	const isSame =
		own !== undefined &&
		own.major === promtool?.major &&
		own.minor === promtool.minor;
	if (names.length === 0 || isSame) return "no";
	if (names.every((name) => changing.has(name))) return "yes";
	return own !== undefined &&
		(own.major < 3 || (own.major === 3 && own.minor <= newestCompared))
		? "no"
		: "perhaps";
}
