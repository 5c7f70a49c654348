import Foundation

/// A trace as lines of JSON that may still be growing.
protocol TraceFeed: Sendable {
    /// The lines from number `start` (from 0) that are there now, at most `limit`.
    func lines(from start: Int, limit: Int) throws -> TraceLines
}

/// Lines of a trace, as they were at one moment.
struct TraceLines: Sendable {
    var lines: [Data]
    /// True where no line will follow these.
    var isComplete: Bool
    /// Grows where the trace began anew, such as a file that was replaced: numbers of lines before
    /// mean nothing any more.
    var generation = 0
}

extension TraceFeed {
    /// All lines that are there now.
    func all() throws -> [Data] {
        var found: [Data] = []
        while true {
            let part = try lines(from: found.count, limit: 4096)
            if part.lines.isEmpty { return found }
            found += part.lines
        }
    }
}

/// A trace in memory, which a run appends to.
final class TraceLog: TraceFeed, @unchecked Sendable {
    private let lock = NSLock()
    private var held: [Data] = []
    private var bytes = 0
    private var isFinished = false
    private var isFull = false
    private let byteLimit: Int

    /// - Parameter byteLimit: What would make the log larger than this is dropped, and said.
    init(_ lines: [Data] = [], isComplete: Bool = false, byteLimit: Int = 256 << 20) {
        self.byteLimit = byteLimit
        held = lines
        bytes = lines.reduce(0) { $0 + $1.count }
        isFinished = isComplete
    }

    /// Appends one line, without its end.
    func append(_ line: Data) {
        lock.withLock {
            guard !isFinished, bytes + line.count <= byteLimit else {
                isFull = true
                return
            }
            held.append(line)
            bytes += line.count
        }
    }

    /// No line will follow.
    func finish() { lock.withLock { isFinished = true } }

    /// True once lines were dropped because there were too many.
    var hasDropped: Bool { lock.withLock { isFull } }

    var count: Int { lock.withLock { held.count } }

    func lines(from start: Int, limit: Int) -> TraceLines {
        lock.withLock {
            let start = min(max(0, start), held.count), end = min(held.count, start + limit)
            return TraceLines(
                lines: Array(held[start..<end]), isComplete: isFinished && end == held.count)
        }
    }
}
