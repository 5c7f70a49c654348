public import AdjointCore

/// All that a training run needs to go on bit for bit where it was interrupted, in one file.
///
/// ```swift
/// try TrainingState(
///     model: model.stateDict(), optimizer: optimizer.stateDict(),
///     scheduler: scheduler.stateDict(), generator: Generator.current.state,
///     loader: batches.position, notes: ["epoch": "3"]
/// ).save(to: "checkpoint.safetensors")
/// ```
///
/// The file is safetensors: names begin with `model.`, `optimizer.`, `scheduler.`, `averages.` and
/// `other.`, the rest stands in its metadata. Other readers see the tensors, and `adjoint inspect`
/// shows them.
public struct TrainingState: Sendable {
    /// The network: `Module.stateDict()`.
    public var model: StateDict
    /// The optimiser: `Optimizer.stateDict()`.
    public var optimizer: StateDict
    /// The scheduler: `LearningRateScheduler.stateDict()`.
    public var scheduler: StateDict
    /// Tensors that belong elsewhere, by names of one's own.
    public var other: StateDict
    /// A scheduler that its `stepCount` says all about.
    public var schedulerSteps: Int?
    /// The averages of parameters: `ExponentialMovingAverage.stateDict()`.
    public var averages: StateDict
    /// Where random numbers come from: `Generator.state`.
    public var generator: Generator.State?
    /// Where the epoch stands: `DataLoaderIterator.position`.
    public var loader: DataLoaderPosition?
    /// Whatever else should come back, by name.
    public var notes: [String: String]

    /// The state of a run; what is not given is not saved.
    public init(
        model: StateDict, optimizer: StateDict = [:], scheduler: StateDict = [:],
        averages: StateDict = [:], other: StateDict = [:], schedulerSteps: Int? = nil,
        generator: Generator.State? = nil, loader: DataLoaderPosition? = nil,
        notes: [String: String] = [:]
    ) {
        self.model = model
        self.optimizer = optimizer
        self.scheduler = scheduler
        self.other = other
        self.schedulerSteps = schedulerSteps
        self.averages = averages
        self.generator = generator
        self.loader = loader
        self.notes = notes
    }

    private static let version = "adjoint.trainingState"

    /// Writes the file at `path`; what was there is replaced as a whole, or stays as it was.
    ///
    /// - Throws: `DataFileError` where the file cannot be written.
    /// - Errors: `.device` for a tensor without data.
    public func save(to path: String) throws {
        var state: StateDict = [:]
        let parts = [
            ("model", model), ("optimizer", optimizer), ("scheduler", scheduler),
            ("averages", averages), ("other", other),
        ]
        for (part, tensors) in parts {
            for (name, tensor) in tensors { state["\(part).\(name)"] = tensor }
        }
        var metadata = [Self.version: "1"]
        for (name, text) in notes { metadata["note.\(name)"] = text }
        metadata["scheduler.steps"] = schedulerSteps.map(String.init)
        metadata["generator"] = generator.map { "\($0.seed) \($0.offset)" }
        metadata["loader"] = loader.map { "\($0.epoch.seed) \($0.epoch.offset) \($0.batch)" }
        try AdjointData.save(state, to: path, metadata: metadata)
    }

    /// Reads a file that `save(to:)` wrote.
    ///
    /// - Throws: `DataFileError` where the file cannot be read, is damaged, or is another file.
    public init(from path: String) throws { try self.init(FileMemory(path), path: path) }

    /// The state in `file`, which messages call `path`.
    init(_ file: FileMemory, path: String) throws(DataFileError) {
        let header = try SafetensorsHeader(file, path: path)
        let metadata = header.metadata
        guard metadata[Self.version] == "1" else {
            throw DataFileError(
                path: path, problem: "this is no state of a training run",
                advice: "name a file that TrainingState.save wrote, or read it with load(from:)")
        }
        func numbers(_ name: String, _ count: Int) throws(DataFileError) -> [UInt64]? {
            guard let text = metadata[name] else { return nil }
            let numbers = text.split(separator: " ").compactMap { UInt64($0) }
            guard numbers.count == count else { throw .damaged(path, "its \(name) is no number") }
            return numbers
        }
        self.init(model: [:])
        if let text = metadata["scheduler.steps"] {
            guard let steps = Int(text) else {
                throw DataFileError.damaged(path, "its scheduler.steps is no number")
            }
            schedulerSteps = steps
        }
        if let state = try numbers("generator", 2) {
            generator = Generator.State(seed: state[0], offset: state[1])
        }
        if let position = try numbers("loader", 3) {
            guard let batch = Int(exactly: position[2]) else {
                throw DataFileError.damaged(path, "its loader is no number")
            }
            loader = DataLoaderPosition(
                epoch: Generator.State(seed: position[0], offset: position[1]), batch: batch)
        }
        for (name, text) in metadata where name.hasPrefix("note.") {
            notes[String(name.dropFirst(5))] = text
        }
        for entry in header.entries {
            let tensor = Tensor(file, entry.range, shape: entry.shape, dtype: entry.dtype)
            if !take(tensor, entry.name) {
                throw DataFileError.damaged(
                    path, "tensor \(DataFileError.quoted(entry.name)) belongs to nothing")
            }
        }
    }

    /// Puts a tensor of the file where its name says; false for the name of nothing.
    private mutating func take(_ tensor: Tensor, _ name: String) -> Bool {
        guard let point = name.firstIndex(of: ".") else { return false }
        let rest = String(name[name.index(after: point)...])
        switch name[..<point] {
        case "model": model[rest] = tensor
        case "optimizer": optimizer[rest] = tensor
        case "scheduler": scheduler[rest] = tensor
        case "averages": averages[rest] = tensor
        case "other": other[rest] = tensor
        default: return false
        }
        return true
    }
}
