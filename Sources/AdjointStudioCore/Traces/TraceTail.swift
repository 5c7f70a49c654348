import Foundation

/// A trace file, which a program that is still running may be appending to. Lines are found as
/// they are finished; nothing but their places is kept in memory. A file that was replaced or cut
/// begins a new generation.
final class TraceTail: TraceFeed, @unchecked Sendable {
    let path: String
    private let lock = NSLock()
    /// The place where each line begins.
    private var starts: [UInt64] = []
    /// The place after the last finished line.
    private var end: UInt64 = 0
    private var identity: UInt64?
    private var generation = 0

    /// How many bytes of a line are read; a longer one is told as damaged.
    static let lineLimit = 16 << 20
    private static let chunk = 1 << 20

    init(path: String) { self.path = path }

    func lines(from start: Int, limit: Int) throws -> TraceLines {
        try lock.withLock {
            let handle = try open()
            defer { try? handle.close() }
            try scan(handle)
            let first = min(max(0, start), starts.count), last = min(starts.count, first + limit)
            var lines: [Data] = []
            if first < last {
                let stop = last < starts.count ? starts[last] : end
                try handle.seek(toOffset: starts[first])
                lines = try Self.read(handle, starts[first..<last], stop)
            }
            // The writer says nowhere that it is done.
            return TraceLines(lines: lines, isComplete: false, generation: generation)
        }
    }

    private func open() throws -> FileHandle {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw StudioError(404, "not-found", "the file \(path) is not there any more")
        }
        return handle
    }

    /// Finds the lines that were finished since.
    private func scan(_ handle: FileHandle) throws {
        var status = stat()
        guard fstat(handle.fileDescriptor, &status) == 0 else {
            throw StudioError(404, "not-found", "the file \(path) cannot be read")
        }
        let inode = UInt64(status.st_ino)
        if identity != nil, identity != inode || UInt64(status.st_size) < end {
            starts = []
            end = 0
            generation += 1
        }
        identity = inode
        try handle.seek(toOffset: end)
        var position = end
        while let data = try handle.read(upToCount: Self.chunk), !data.isEmpty {
            data.withUnsafeBytes { bytes in
                var offset = 0
                while let newline = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) {
                    let next = position + UInt64(newline) + 1
                    if next - end > 1 { starts.append(end) }
                    end = next
                    offset = newline + 1
                }
            }
            position += UInt64(data.count)
        }
    }

    /// The lines that begin at `starts`, the last of which ends before `stop`.
    private static func read(_ handle: FileHandle, _ starts: ArraySlice<UInt64>, _ stop: UInt64)
        throws -> [Data]
    {
        var lines: [Data] = []
        lines.reserveCapacity(starts.count)
        for (index, start) in zip(starts.indices, starts) {
            let next = index + 1 < starts.endIndex ? starts[index + 1] : stop
            try handle.seek(toOffset: start)
            let count = Int(next - start)
            guard count <= lineLimit else {
                lines.append(Data("{\"t\":\"oversized\",\"bytes\":\(count)}".utf8))
                continue
            }
            var line = try handle.read(upToCount: count) ?? Data()
            while let last = line.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") {
                line.removeLast()
            }
            lines.append(line)
        }
        return lines
    }
}
