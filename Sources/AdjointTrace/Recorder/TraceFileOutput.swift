import AdjointData

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file that lines are added to. A thread of its own makes the text and writes it, some
/// microseconds behind the program: text is a third of what recording costs.
///
/// One caller at a time may `put` and `flush`: the recorder does so under its lock.
final class TraceFileOutput: @unchecked Sendable {
    private let line: Line
    private let thread: WorkerThread?
    /// What was put and not handed over yet.
    private var fresh: [TraceRecord] = []

    /// Makes the file, or empties one that is there.
    init(path: String) throws(DataFileError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        if descriptor < 0 {
            throw DataFileError(
                path: path,
                problem: "the trace cannot be written (\(String(cString: strerror(errno))))",
                advice: "name a file in a folder that is there and that you may write to")
        }
        let line = Line(descriptor)
        self.line = line
        thread = WorkerThread { line.work() }
    }

    deinit {
        flush()
        line.end()
        if let thread { thread.join() } else { line.work() }
    }

    func put(_ record: TraceRecord) { fresh.append(record) }

    func flush() {
        if fresh.isEmpty { return }
        line.add(&fresh)
        // The system had no thread to give.
        if thread == nil { line.writeAll() }
    }

    func drain() {
        flush()
        line.waitUntilWritten()
    }
}

/// The records between the program and the thread that writes them.
private final class Line: @unchecked Sendable {
    /// Records are gathered for so long, in microseconds, before they are written: to wake a
    /// thread for each would cost more than its text.
    private static let pause: UInt32 = 500
    /// A program that is faster than the writing waits for it here, so that memory stays bounded.
    private static let most = 1 << 15

    private let monitor = Monitor()
    private let file: LineFile
    // Touched inside the monitor alone.
    private var records: [TraceRecord] = []
    private var isWriting = false
    private var isAtEnd = false
    /// Whether the writing thread sleeps, or the program does.
    private var isWaitedFor = false

    init(_ descriptor: CInt) { file = LineFile(descriptor) }

    func add(_ fresh: inout [TraceRecord]) {
        monitor.locked {
            while records.count > Line.most, !isAtEnd {
                isWaitedFor = true
                monitor.wait()
            }
            if records.isEmpty { swap(&records, &fresh) } else { records += fresh }
            wake()
        }
        fresh.removeAll(keepingCapacity: true)
    }

    func end() {
        monitor.locked {
            isAtEnd = true
            wake()
        }
    }

    private func wake() {
        if !isWaitedFor { return }
        isWaitedFor = false
        monitor.wakeAll()
    }

    func waitUntilWritten() {
        monitor.locked {
            while !records.isEmpty || isWriting {
                isWaitedFor = true
                monitor.wait()
            }
        }
    }

    /// Writes until the end. What the writing thread does.
    func work() {
        while next() { usleep(Line.pause) }
    }

    /// Writes what there is, without waiting for more.
    func writeAll() {
        if monitor.locked({ !records.isEmpty }) { _ = next() }
    }

    /// Waits for records and writes them. Returns false where no more can come.
    private func next() -> Bool {
        var batch: [TraceRecord] = []
        monitor.locked {
            while records.isEmpty, !isAtEnd {
                isWaitedFor = true
                monitor.wait()
            }
            swap(&batch, &records)
            isWriting = !batch.isEmpty
            wake()
        }
        if batch.isEmpty { return false }
        for record in batch { file.put(record) }
        file.flush()
        return monitor.locked {
            isWriting = false
            wake()
            return !isAtEnd || !records.isEmpty
        }
    }
}

/// The file, and the text on its way there. For one thread at a time.
private final class LineFile {
    private let descriptor: CInt
    private var text: [UInt8] = []
    /// True after a failed write: a full disk ends the trace, and not the program.
    private var hasFailed = false

    init(_ descriptor: CInt) { self.descriptor = descriptor }

    func put(_ record: TraceRecord) {
        text.append(contentsOf: record.json)
        text.append(0x0A)
        if text.count >= 1 << 16 { flush() }
    }

    func flush() {
        defer { text.removeAll(keepingCapacity: true) }
        if hasFailed { return }
        text.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = write(descriptor, bytes.baseAddress! + done, bytes.count - done)
                if count < 0 {
                    if errno == EINTR { continue }
                    hasFailed = true
                    return
                }
                done += count
            }
        }
    }

    deinit { close(descriptor) }
}
