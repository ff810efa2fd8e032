/** A program that reads Go's templates: the functions that it adds, and the variables that it sets. */
export interface TemplateDialect {
	readonly functions: ReadonlySet<string>;
	readonly variables: readonly string[];
}

/** Go's own: https://pkg.go.dev/text/template#hdr-Functions */
const usual =
	"and or not len index slice print printf println html js urlquery call eq ne lt le gt ge";

function makeDialect(functions: string, variables: string): TemplateDialect {
	return {
		functions: new Set(`${usual} ${functions}`.split(/\s+/)),
		variables: variables.split(" "),
	};
}

/** https://prometheus.io/docs/prometheus/latest/configuration/template_reference/ */
export const ofPrometheus = makeDialect(
	`query first label value strvalue args reReplaceAll safeHtml match title toUpper toLower graphLink tableLink
	sortByLabel stripPort stripDomain humanize humanize1024 humanizeDuration humanizePercentage humanizeTimestamp toTime
	toDuration now pathPrefix externalURL parseDuration parseDurationTime urlQueryEscape`,
	"$ $labels $externalLabels $externalURL $value",
);

/** https://prometheus.io/docs/alerting/latest/notifications/#functions */
export const ofAlertmanager = makeDialect(
	`title toUpper toLower trimSpace join match reReplaceAll safeHtml safeUrl urlUnescape stringSlice date tz since
	humanizeDuration toJson append dict list`,
	"$",
);
