public import AdjointCore

/// Batches of a stream of examples, a sequence of (inputs, targets).
///
/// What the stream draws for its k-th example comes from a generator of its own, which follows
/// from the pass and from k; whether examples are made ahead of time changes nothing.
public struct IterableLoader<D: IterableDataset>: Sequence, Sendable {
    /// Where the examples come from.
    public let dataset: D
    /// How many examples a full batch has.
    public let batchSize: Int
    /// Whether a last batch that is not full is left out.
    public let dropLast: Bool
    /// How many batches a thread makes ahead of time; with 0 the caller makes them.
    public let prefetch: Int
    private let collate: @Sendable ([D.Element]) throws -> (Tensor, Tensor)

    /// - Errors: `.argument` for a batch size below 1.
    public init(
        _ dataset: D, batchSize: Int = 1, dropLast: Bool = false, prefetch: Int = 0
    ) where D.Element == (Tensor, Tensor) {
        self.init(
            dataset, batchSize: batchSize, dropLast: dropLast, prefetch: prefetch,
            collate: stackExamples)
    }

    /// A loader that puts examples of any kind together by `collate`.
    public init(
        _ dataset: D, batchSize: Int = 1, dropLast: Bool = false, prefetch: Int = 0,
        collate: @escaping @Sendable ([D.Element]) throws -> (Tensor, Tensor)
    ) {
        if batchSize < 1 {
            Failure.raise(
                TensorError(
                    .argument, "batchSize must be at least 1, but is \(batchSize)",
                    operation: "IterableLoader"))
        }
        checkWorkers(0, Swift.max(prefetch, 1))
        self.dataset = dataset
        self.batchSize = Swift.max(batchSize, 1)
        self.dropLast = dropLast
        self.prefetch = Swift.min(Swift.max(prefetch, 0), 4096)
        self.collate = collate
    }

    public func makeIterator() -> IterableLoaderIterator<D> {
        let generator = AdjointCore.Generator.current
        let state = generator.state
        _ = generator.permutation(1)
        let pass = Pass(dataset, state, batchSize, dropLast, collate)
        return IterableLoaderIterator(pass, prefetch)
    }
}

/// The batches of one pass over a stream. Copies share it.
public struct IterableLoaderIterator<D: IterableDataset>: IteratorProtocol {
    private let pass: Pass<D>
    private let worker: OrderedWorkers<LoadedBatch>?
    private let counter = Counter()

    private final class Counter {
        var taken = 0
        var isAtEnd = false
    }

    fileprivate init(_ pass: Pass<D>, _ prefetch: Int) {
        self.pass = pass
        worker =
            prefetch < 1
            ? nil
            : OrderedWorkers(0..<Int.max, threads: 1, ahead: prefetch) { _ in
                pass.mode.elsewhere { try pass.load() }
            }
    }

    /// The next batch, or nil at the end.
    ///
    /// - Throws: What the collation threw.
    public mutating func nextBatch() throws -> (Tensor, Tensor)? {
        if counter.isAtEnd { return nil }
        defer { counter.taken += 1 }
        let loaded = worker?.take(counter.taken) ?? pass.mode.here { try pass.load() }
        if case .end = loaded { counter.isAtEnd = true }
        return try loaded.get()
    }

    /// The next batch, or nil at the end.
    ///
    /// - Errors: `.argument` for what `nextBatch` throws.
    public mutating func next() -> (Tensor, Tensor)? {
        do {
            return try nextBatch()
        } catch {
            raiseLoading(error)
            return nil
        }
    }
}

/// One pass over a stream. One thread at a time makes its batches.
private final class Pass<D: IterableDataset>: @unchecked Sendable {
    let mode = LoadingMode()
    private var source: D.Iterator?
    private let dataset: D
    private let state: Generator.State
    private let size: Int
    private let dropLast: Bool
    private let collate: @Sendable ([D.Element]) throws -> (Tensor, Tensor)
    private var position = 0
    private var batch = 0

    init(
        _ dataset: D, _ state: Generator.State, _ size: Int, _ dropLast: Bool,
        _ collate: @escaping @Sendable ([D.Element]) throws -> (Tensor, Tensor)
    ) {
        self.dataset = dataset
        self.state = state
        self.size = size
        self.dropLast = dropLast
        self.collate = collate
    }

    func load() throws -> (Tensor, Tensor)? {
        if batch == 0 { source = dataset.makeIterator() }
        var examples: [D.Element] = []
        while source != nil, examples.count < size {
            let example = withGenerator(seed: ExampleSeed.example(state, position, 0)) {
                source?.next()
            }
            guard let example else {
                // Some iterators begin again after their end.
                source = nil
                break
            }
            position += 1
            examples.append(example)
        }
        batch += 1
        if examples.isEmpty || (dropLast && examples.count < size) { return nil }
        return try withGenerator(seed: ExampleSeed.batch(state, batch)) { try collate(examples) }
    }
}
