#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The largest resident size of this process.
enum PeakMemory {
    /// Starts counting anew, where the system can (Linux); elsewhere the peak is that of the
    /// process so far.
    static func restart() {
        guard let file = fopen("/proc/self/clear_refs", "w") else { return }
        fputs("5", file)
        fclose(file)
    }

    static var bytes: Int? {
        #if os(Linux)
            guard let file = fopen("/proc/self/status", "r") else { return nil }
            defer { fclose(file) }
            var buffer = [CChar](repeating: 0, count: 256)
            while fgets(&buffer, Int32(buffer.count), file) != nil {
                let line = buffer.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
                if line.hasPrefix("VmHWM:") {
                    return Int(line.filter(\.isNumber)).map { $0 * 1024 }
                }
            }
            return nil
        #else
            var usage = rusage()
            return getrusage(RUSAGE_SELF, &usage) == 0 ? Int(usage.ru_maxrss) : nil
        #endif
    }
}

/// Starts this program again with one argument, its output thrown away, and waits for its end.
///
/// Returns false where it did not start, or failed.
func runSelf(_ argument: String) -> Bool {
    #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
    #else
        var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    #if os(Linux)
        let path = "/proc/self/exe"
    #else
        let path = CommandLine.arguments[0]
    #endif
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(path), strdup(argument), nil]
    defer { for pointer in arguments { free(pointer) } }
    var child: pid_t = 0
    guard posix_spawn(&child, path, &actions, nil, &arguments, environ) == 0 else { return false }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 { if errno != EINTR { return false } }
    return status == 0
}

func printError(_ text: String) {
    let line = text + "\n"
    _ = line.withCString { write(2, $0, line.utf8.count) }
}
func flushOutput() { fflush(nil) }
func exitProcess(_ status: Int32) -> Never { exit(status) }

/// Lets other threads come to rest.
func pause(milliseconds: Int) { usleep(UInt32(milliseconds) * 1000) }
