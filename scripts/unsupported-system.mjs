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

/**
 * What to do where the private Node cannot be started.
 *
 * @param said what it, its loader or the system said
 */
export function findWayOut(said) {
	// Small installations of Linux leave it out.
	if (said.includes("libatomic.so"))
		return "install that library: apt-get install libatomic1 on Debian and Ubuntu, dnf install libatomic on Fedora";
	return "it needs glibc, which NixOS has with programs.nix-ld, or in a Debian container; if another machine installed it, remove node_modules";
}
