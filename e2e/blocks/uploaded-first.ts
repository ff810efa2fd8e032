/**
 * Why Prometheus may compact blocks before its sidecar has uploaded them, as a sentence; undefined if it does not. Either
 * it compacts none, or it waits until the file in which the sidecar notes its uploads names them.
 *
 * @param flags of Prometheus
 * @param sidecar arguments
 */
export function whyCompactedBefore(
	flags: Readonly<Record<string, string>>,
	sidecar: readonly string[],
): string | undefined {
	const min = flags["storage.tsdb.min-block-duration"] ?? "unknown";
	const max = flags["storage.tsdb.max-block-duration"] ?? "unknown";
	if (min === max) return undefined;
	const awaited = flags["storage.tsdb.delay-compact-file.path"] ?? "";
	if (!awaited)
		return `blocks of ${min} are compacted to blocks of up to ${max} on Prometheus' disk, whether they are uploaded or not`;
	const flag = "--shipper.meta-file-name=";
	const written = sidecar.find((each) => each.startsWith(flag));
	// Thanos' own name.
	const file = written?.slice(flag.length) ?? "thanos.shipper.json";
	return awaited.split("/").at(-1) === file
		? undefined
		: `Prometheus waits for ${awaited} before it compacts, but its sidecar notes its uploads in ${file}`;
}
