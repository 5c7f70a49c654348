public import AdjointCore

/// Batches of a dataset, a sequence of (inputs, targets). Each pass over it is an epoch.
///
/// ```swift
/// for (x, y) in DataLoader(data, batchSize: 64, shuffle: true, workers: 2) { ... }
/// ```
///
/// The order of an epoch is drawn from the current generator when the epoch begins. What reading
/// an example draws comes from a generator of its own, which follows from the epoch and from the
/// example's number: every number of workers, every batch size and every order give the same bits.
public struct DataLoader<D: Dataset>: Sequence, Sendable {
    /// Where the examples come from.
    public let dataset: D
    /// How many examples a full batch has; 0 where `batches` says which come together.
    public let batchSize: Int
    /// Whether each epoch has an order of its own, drawn from the current generator when the
    /// epoch begins.
    public let shuffle: Bool
    /// Whether a last batch that is not full is left out.
    public let dropLast: Bool
    /// Which examples each batch of an epoch has.
    public let batches: BatchSampler
    /// Threads that load batches ahead of time; with 0 the caller loads them.
    public let workers: Int
    /// How many batches each worker may have ready.
    public let prefetch: Int
    let collate: @Sendable ([D.Example]) throws -> (Tensor, Tensor)
    /// Whether the dataset may put batches together by itself.
    let gathers: Bool

    /// - Parameters:
    ///   - dataset: Where the examples come from.
    ///   - batchSize: How many examples a full batch has.
    ///   - shuffle: Whether each epoch has an order of its own.
    ///   - dropLast: Whether a last batch that is not full is left out.
    ///   - sampler: Which examples an epoch has, and in which order; all of them if nil.
    ///   - workers: Threads that load batches ahead of time. The batches, and their order, are the
    ///     same for every number.
    ///   - prefetch: How many batches each worker may have ready.
    /// - Errors: `.argument` for a batch size below 1, for `shuffle` beside a sampler, and for
    ///   numbers of workers out of range.
    public init(
        _ dataset: D, batchSize: Int = 1, shuffle: Bool = false, dropLast: Bool = false,
        sampler: (any Sampler)? = nil, workers: Int = 0, prefetch: Int = 2
    ) where D.Example == (Tensor, Tensor) {
        self.init(
            dataset, size: batchSize, shuffle, dropLast, sampler, workers, prefetch,
            gathers: true, stackExamples)
    }

    /// A loader that puts examples of any kind together by `collate`, which runs where the
    /// examples are read.
    public init(
        _ dataset: D, batchSize: Int = 1, shuffle: Bool = false, dropLast: Bool = false,
        sampler: (any Sampler)? = nil, workers: Int = 0, prefetch: Int = 2,
        collate: @escaping @Sendable ([D.Example]) throws -> (Tensor, Tensor)
    ) {
        self.init(
            dataset, size: batchSize, shuffle, dropLast, sampler, workers, prefetch,
            gathers: false, collate)
    }

    /// A loader whose batches `batches` puts together.
    public init(
        _ dataset: D, batches: BatchSampler, workers: Int = 0, prefetch: Int = 2
    ) where D.Example == (Tensor, Tensor) {
        self.init(dataset, batches, workers, prefetch, gathers: true, stackExamples)
    }

    /// The same for examples of any kind.
    public init(
        _ dataset: D, batches: BatchSampler, workers: Int = 0, prefetch: Int = 2,
        collate: @escaping @Sendable ([D.Example]) throws -> (Tensor, Tensor)
    ) {
        self.init(dataset, batches, workers, prefetch, gathers: false, collate)
    }

    private init(
        _ dataset: D, size: Int, _ shuffle: Bool, _ dropLast: Bool, _ sampler: (any Sampler)?,
        _ workers: Int, _ prefetch: Int, gathers: Bool,
        _ collate: @escaping @Sendable ([D.Example]) throws -> (Tensor, Tensor)
    ) {
        if shuffle, sampler != nil {
            Failure.raise(
                TensorError(
                    .argument,
                    "shuffle is for a loader without a sampler, which has an order of its own",
                    operation: "DataLoader"))
        }
        let order: any Sampler =
            sampler
            ?? (shuffle ? RandomSampler(dataset.count) : SequentialSampler(dataset.count))
        self.init(
            dataset, BatchSampler(order, batchSize: size, dropLast: dropLast), workers, prefetch,
            gathers: gathers, collate, size: Swift.max(size, 1), shuffle, dropLast)
    }

    private init(
        _ dataset: D, _ batches: BatchSampler, _ workers: Int, _ prefetch: Int, gathers: Bool,
        _ collate: @escaping @Sendable ([D.Example]) throws -> (Tensor, Tensor),
        size: Int = 0, _ shuffle: Bool = false, _ dropLast: Bool = false
    ) {
        checkWorkers(workers, prefetch)
        self.dataset = dataset
        batchSize = size
        self.shuffle = shuffle
        self.dropLast = dropLast
        self.batches = batches
        self.workers = Swift.min(Swift.max(workers, 0), 256)
        self.prefetch = Swift.min(Swift.max(prefetch, 1), 4096)
        self.collate = collate
        self.gathers = gathers
    }

    /// How many batches an epoch has.
    public var count: Int { batches.count }

    public var underestimatedCount: Int { count }

    public func makeIterator() -> DataLoaderIterator<D> {
        let generator = AdjointCore.Generator.current
        let state = generator.state
        let drawn = batches.batches()
        // An order that draws nothing would give every epoch the same random transforms.
        if generator.state == state { _ = generator.permutation(1) }
        return DataLoaderIterator(self, DataLoaderPosition(epoch: state, batch: 0), drawn)
    }

    /// An epoch that was interrupted at `position`, from there on, in the same order. The current
    /// generator is left alone.
    public func makeIterator(resumingAt position: DataLoaderPosition) -> DataLoaderIterator<D> {
        withGenerator(seed: 0) {
            AdjointCore.Generator.current.state = position.epoch
            return DataLoaderIterator(self, position, batches.batches())
        }
    }
}

/// Where an epoch stands: all that is needed to go on with it later.
public struct DataLoaderPosition: Sendable, Hashable {
    /// The generator as it was when the epoch began.
    public var epoch: Generator.State
    /// How many batches were handed out.
    public var batch: Int

    /// A place in an epoch.
    public init(epoch: Generator.State, batch: Int) {
        self.epoch = epoch
        self.batch = batch
    }
}
