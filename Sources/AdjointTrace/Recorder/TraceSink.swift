import AdjointData

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Where the records of a recording go.
enum TraceSink {
    case memory(TraceDocument)
    case file(TraceFileOutput)

    mutating func put(_ record: TraceRecord) {
        switch self {
        case .memory(var document):
            // The copy that the enumeration holds would double the array at every append.
            self = .memory(TraceDocument())
            document.append(record)
            self = .memory(document)
        case .file(let output): output.put(record.json)
        }
    }

    /// Makes everything so far visible to readers of the file.
    func flush() {
        if case .file(let output) = self { output.flush() }
    }
}

/// A file that lines are added to, each group of them as soon as it is whole.
final class TraceFileOutput: @unchecked Sendable {
    private let descriptor: CInt
    private var buffer: [UInt8] = []
    /// True after a failed write: a full disk ends the trace, and not the program.
    private var hasFailed = false

    /// Makes the file, or empties one that is there.
    init(path: String) throws(DataFileError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        if descriptor < 0 {
            throw DataFileError(
                path: path,
                problem: "the trace cannot be written (\(String(cString: strerror(errno))))",
                advice: "name a file in a folder that is there and that you may write to")
        }
    }

    deinit {
        flush()
        close(descriptor)
    }

    func put(_ line: [UInt8]) {
        buffer.append(contentsOf: line)
        buffer.append(0x0A)
        if buffer.count >= 1 << 16 { flush() }
    }

    func flush() {
        if buffer.isEmpty { return }
        defer { buffer.removeAll(keepingCapacity: true) }
        if hasFailed { return }
        buffer.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = writeBytes(descriptor, bytes.baseAddress! + done, bytes.count - done)
                if count < 0 {
                    if errno == EINTR { continue }
                    hasFailed = true
                    return
                }
                done += count
            }
        }
    }
}

/// The system's `write`, by another name than the library's own.
private func writeBytes(_ descriptor: CInt, _ start: UnsafeRawPointer, _ count: Int) -> Int {
    write(descriptor, start, count)
}
