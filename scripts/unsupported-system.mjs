/**
 * Why this system cannot run the private Node, in one sentence; undefined if it can. Nothing is installed yet.
 *
 * @param platform as process.platform
 * @param readReport Node's diagnostic report, which names the C library
 */
export function findUnsupportedSystem(
	platform = process.platform,
	readReport = () => process.report.getReport(),
) {
	if (platform === "win32")
		return "Windows itself is not supported: run this in WSL 2 (wsl --install), where Docker Desktop's engine answers, too";
	if (platform === "linux" && !readReport().header.glibcVersionRuntime)
		return "this Linux has no glibc (Alpine and others with musl), which the private Node needs: run this in a Debian or Ubuntu container that has the engine's socket";
	return undefined;
}
