public import AdjointCore
public import AdjointNN

/// Recording what the library does: every operation, every gradient on its way back, every write,
/// with numbers and source lines. `Documentation/Trace.md` describes the format of the file.
///
///     try Trace.record(to: "run.trace.jsonl", named: [("x", x)]) {
///         let y = x ** 2 + 3 * x
///         y.backward()
///     }
///
/// With the environment variable `ADJOINT_TRACE=run.trace.jsonl` a whole process is recorded. An
/// operation that nobody records reads the one flag that debugging has too.
public enum Trace {
    /// Runs `body` and records what this task does meanwhile, and its child tasks, to a file. A
    /// thread of its own writes it, whole lines a millisecond behind, so that the file can be
    /// followed, and what a crash leaves can be read. An error that is about to end the process is
    /// in it, and all before it; when this returns, so is everything.
    ///
    /// - Parameters:
    ///   - path: The file, which is replaced.
    ///   - options: What is recorded.
    ///   - named: Names for tensors.
    ///   - model: A module whose parts and parameters are to be known by their names.
    ///   - body: What is recorded meanwhile.
    /// - Throws: `DataFileError` where the file cannot be written; what `body` throws.
    public static func record<R>(
        to path: String, _ options: TraceOptions = TraceOptions(),
        named: [(String, Tensor)] = [], model: (any Module)? = nil, _ body: () throws -> R
    ) throws -> R {
        let recorder = try Recorder(options, path: path)
        recorder.name(named, model)
        defer { _ = recorder.finish() }
        return try observing(recorder, body)
    }

    /// The asynchronous form.
    public static func record<R>(
        to path: String, _ options: TraceOptions = TraceOptions(),
        named: [(String, Tensor)] = [], model: (any Module)? = nil,
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
    ) async throws -> R {
        let recorder = try Recorder(options, path: path)
        recorder.name(named, model)
        defer { _ = recorder.finish() }
        return try await observing(recorder, isolation: isolation, body)
    }

    /// Runs `body` and returns what it did, in memory.
    public static func record(
        _ options: TraceOptions = TraceOptions(), named: [(String, Tensor)] = [],
        model: (any Module)? = nil, _ body: () throws -> Void
    ) rethrows -> TraceDocument {
        let recorder = Recorder(inMemory: options)
        recorder.name(named, model)
        try observing(recorder, body)
        return recorder.finish()
    }

    /// The asynchronous form.
    public static func record(
        _ options: TraceOptions = TraceOptions(), named: [(String, Tensor)] = [],
        model: (any Module)? = nil, isolation: isolated (any Actor)? = #isolation,
        _ body: () async throws -> Void
    ) async rethrows -> TraceDocument {
        let recorder = Recorder(inMemory: options)
        recorder.name(named, model)
        try await observing(recorder, isolation: isolation, body)
        return recorder.finish()
    }

    /// True where this task is recorded.
    public static var isRecording: Bool { Recorder.current != nil }
}
