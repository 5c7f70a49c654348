#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Files that the fuzzer itself writes: without the library, whose writers are under test.
public enum FuzzFile {
    /// Writes `bytes` to `path`, over what was there.
    public static func write(_ bytes: [UInt8], to path: String) throws(FuzzTarget.Violation) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FuzzTarget.Violation("\(path) cannot be written") }
        defer { close(descriptor) }
        let count = bytes.withUnsafeBytes { put(descriptor, $0) }
        if count != bytes.count { throw FuzzTarget.Violation("\(path) cannot be written") }
    }

    /// A new folder for files that nobody keeps: in memory where the system has a place for that.
    public static func makeFolder() throws(FuzzTarget.Violation) -> String {
        for place in ["/dev/shm", getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp", "/tmp"] {
            var template = Array("\(place)/adjoint-fuzz-XXXXXX".utf8CString)
            let isMade = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!) != nil }
            if isMade {
                return String(
                    decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
            }
        }
        throw FuzzTarget.Violation("no folder can be made for temporary files")
    }
}

/// The system's `write`, by another name than the one above.
private func put(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
