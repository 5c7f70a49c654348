#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The bytes of a file, read without trusting the size that the file system states: a sparse file,
/// a pipe and a file that grows meanwhile are all read as far as they truly reach.
package enum FileBytes {
    /// The most that a data file may hold, packed or not: 4 GiB.
    static let limit = 4 << 30

    /// The content of the file at `path`, at most `limit` bytes of it.
    package static func read(_ path: String) throws(DataFileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        defer { close(descriptor) }
        let chunk = 1 << 20
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: chunk)
        while true {
            let count = buffer.withUnsafeMutableBytes { fill($0, from: descriptor) }
            guard count >= 0 else { throw unreadable(path, errno) }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: buffer[..<count])
            guard bytes.count <= limit else { throw tooLarge(path) }
        }
    }

    /// The content of the file at `path`, unpacked where it begins as a gzip file does.
    static func readUnpacked(_ path: String) throws(DataFileError) -> [UInt8] {
        try unpacked(read(path), path: path)
    }

    /// What `bytes` hold, unpacked where they begin as a gzip file does.
    static func unpacked(_ bytes: [UInt8], path: String) throws(DataFileError) -> [UInt8] {
        guard Inflate.looksLikeGzip(bytes) else { return bytes }
        let unpacked = try Inflate.gzip(bytes, atMost: limit + 1, path: path)
        guard unpacked.count <= limit else { throw tooLarge(path) }
        return unpacked
    }

    private static func unreadable(_ path: String, _ code: CInt) -> DataFileError {
        let (problem, advice) =
            switch code {
            case ENOENT: ("there is no such file", "check the path")
            case EISDIR: ("this is a folder where a file was expected", "name a file in it")
            case EACCES: ("the file may not be read", "check its permissions")
            default:
                ("the file cannot be read (\(String(cString: strerror(code))))", "check the path")
            }
        return DataFileError(path: path, problem: problem, advice: advice)
    }

    private static func tooLarge(_ path: String) -> DataFileError {
        DataFileError(
            path: path, problem: "the file holds more than 4 GiB",
            advice: "split it, or sample fewer rows")
    }
}

/// `read` of the system, repeated when a signal interrupts it: the bytes that came, 0 at the end,
/// -1 with `errno` on failure. Outside `FileBytes`, whose own `read` would hide the system's.
private func fill(_ buffer: UnsafeMutableRawBufferPointer, from descriptor: CInt) -> Int {
    while true {
        let count = read(descriptor, buffer.baseAddress, buffer.count)
        if count >= 0 || errno != EINTR { return count }
    }
}
