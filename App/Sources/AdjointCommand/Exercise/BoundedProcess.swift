import Foundation

/// A program that ran with an end to its time, its memory and its talk.
struct BoundedProcess {
    /// How it ended.
    enum Ending: Equatable {
        case exit(Int32)
        case signal(Int32)
        /// It was still running at the end of its time, and was stopped.
        case timeout
    }

    let ending: Ending
    let output: String
    let errors: String

    /// Runs `program` in `folder` and waits, `seconds` at most. Each stream is kept up to 256 KiB;
    /// the rest is read and dropped. With `memory`, in KiB, allocations beyond it fail where the
    /// system can see to that.
    init(
        _ program: String, _ arguments: [String], in folder: URL, seconds: Double,
        memory: Int? = nil
    ) throws {
        let process = Process()
        let limits = memory.map { "ulimit -v \($0) 2>/dev/null; " } ?? ""
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", limits + "exec \"$0\" \"$@\"", program] + arguments
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        let streams = [BoundedText(), BoundedText()]
        process.standardOutput = streams[0].pipe
        process.standardError = streams[1].pipe
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        try process.run()
        for stream in streams { stream.start() }
        let isLate = ended.wait(timeout: .now() + seconds) == .timedOut
        if isLate {
            Self.stop(process.processIdentifier)
            ended.wait()
        }
        // A grandchild may hold the streams open; what it would say is not waited for.
        for stream in streams { stream.finish(within: 2) }
        output = streams[0].text
        errors = streams[1].text
        ending =
            isLate
            ? .timeout
            : process.terminationReason == .uncaughtSignal
                ? .signal(process.terminationStatus) : .exit(process.terminationStatus)
    }

    /// Ends the process and what it started: its group, where it leads one, else it alone.
    private static func stop(_ id: Int32) {
        if getpgid(id) == id { kill(-id, SIGKILL) } else { kill(id, SIGKILL) }
    }
}

/// The first part of what comes through a pipe.
private final class BoundedText: @unchecked Sendable {
    let pipe = Pipe()
    private let lock = NSLock()
    private let done = DispatchSemaphore(value: 0)
    private var data = Data()
    private static let most = 1 << 18

    /// Reads to the end, in a thread of its own.
    func start() {
        let reader = pipe.fileHandleForReading
        Thread.detachNewThread { [self] in
            while true {
                let part = reader.availableData
                if part.isEmpty { break }
                lock.withLock { data.append(part.prefix(max(Self.most - data.count, 0))) }
            }
            done.signal()
        }
    }

    func finish(within seconds: Double) { _ = done.wait(timeout: .now() + seconds) }

    var text: String { lock.withLock { String(decoding: data, as: UTF8.self) } }
}
