/// Reads a trace piece by piece, as it is written: a file that grows can be followed.
///
/// Nothing that the bytes hold can crash it. A damaged line ends the reading: what came before is
/// there, and `problem` says what is wrong.
public struct TraceReader: Sendable {
    /// What a trace may cost its reader.
    public struct Limits: Sendable {
        /// Bytes of one line.
        public var lineBytes: Int
        /// Records of a trace.
        public var records: Int
        /// How deep values may be nested.
        public var depth: Int

        /// 16 MiB a line, 20 million records and 64 levels, unless they are given.
        public init(lineBytes: Int = 16 << 20, records: Int = 20_000_000, depth: Int = 64) {
            self.lineBytes = lineBytes
            self.records = records
            self.depth = depth
        }
    }

    private let limits: Limits
    private var rest: [UInt8] = []
    private var line = 0
    private var count = 0
    /// True until the first record was read.
    private var isStart = true
    /// Records of kinds that are unknown, so far.
    public private(set) var skipped = 0
    /// Why the reading has ended; nil while it goes on.
    public private(set) var problem: TraceProblem?

    /// A reader at the beginning of a trace.
    public init(limits: Limits = Limits()) { self.limits = limits }

    /// Takes more bytes; returns the records that they complete.
    public mutating func push(_ bytes: some Collection<UInt8>) -> [TraceRecord] {
        if problem != nil { return [] }
        var found: [TraceRecord] = []
        var start = bytes.startIndex
        while problem == nil, let end = bytes[start...].firstIndex(of: 0x0A) {
            rest.append(contentsOf: bytes[start..<end])
            take(&found)
            start = bytes.index(after: end)
        }
        if problem == nil {
            rest.append(contentsOf: bytes[start...])
            if rest.count > limits.lineBytes { tooLong() }
        }
        return found
    }

    /// Reads what stands after the last line's end. One that is not whole is a truncation.
    public mutating func finish() -> [TraceRecord] {
        var found: [TraceRecord] = []
        if problem != nil || rest.isEmpty { return found }
        take(&found)
        if let problem {
            self.problem = TraceProblem(
                line: problem.line, message: "the last line is cut off: " + problem.message,
                isTruncation: true)
        }
        return found
    }

    private mutating func tooLong() {
        line += 1
        rest = []
        fail("it is longer than \(limits.lineBytes) bytes")
    }

    private mutating func fail(_ message: String) {
        problem = TraceProblem(line: line, message: message)
    }

    /// Reads the line in `rest`.
    private mutating func take(_ found: inout [TraceRecord]) {
        if rest.count > limits.lineBytes { return tooLong() }
        line += 1
        defer { rest.removeAll(keepingCapacity: true) }
        let isBlank = rest.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        if isBlank { return }
        do {
            let value = try JSONParser.parse(rest[...], depth: limits.depth)
            // A whole trace may also be one object.
            if isStart, let all = value.object?["records"]?.array {
                for value in all where problem == nil { try add(value, &found) }
            } else {
                try add(value, &found)
            }
        } catch let failure as JSONParser.Failure {
            fail("\(failure.problem), at byte \(failure.offset)")
        } catch let failure as JSONFields.Failure {
            fail(failure.problem)
        } catch {
            fail("\(error)")
        }
    }

    private mutating func add(_ value: TraceJSON, _ found: inout [TraceRecord]) throws {
        guard let record = try TraceRecord(value) else {
            skipped += 1
            return
        }
        if isStart {
            guard case .header = record else {
                throw JSONFields.Failure(problem: "a trace begins with its header")
            }
            isStart = false
        }
        if count == limits.records {
            throw JSONFields.Failure(problem: "there are more than \(limits.records) records")
        }
        count += 1
        found.append(record)
    }
}

extension TraceDocument {
    /// Reads JSON Lines. Where they end early, what came before is there and `problem` says why.
    ///
    /// - Throws: `TraceProblem` where there is no header, so that this is no trace.
    public init(
        jsonLines bytes: some Collection<UInt8>, limits: TraceReader.Limits = .init()
    ) throws(TraceProblem) {
        var reader = TraceReader(limits: limits)
        self.init(reader.push(bytes))
        for record in reader.finish() { append(record) }
        if header == nil {
            throw reader.problem ?? TraceProblem(line: 1, message: "there is no header")
        }
        skipped = reader.skipped
        problem = reader.problem
    }
}
