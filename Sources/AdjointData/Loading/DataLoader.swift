public import AdjointCore

/// Batches of a dataset, a sequence of (inputs, targets). Each pass over it is an epoch.
public struct DataLoader<D: Dataset>: Sequence, Sendable {
    public let dataset: D
    public let batchSize: Int
    /// Whether each epoch has an order of its own, drawn from the current generator when the
    /// epoch begins.
    public let shuffle: Bool
    /// Whether a last batch that is not full is left out.
    public let dropLast: Bool

    /// - Errors: `.argument` for a batch size below 1.
    public init(_ dataset: D, batchSize: Int = 1, shuffle: Bool = false, dropLast: Bool = false) {
        if batchSize < 1 {
            Failure.raise(
                TensorError(
                    .argument, "batchSize must be at least 1, but is \(batchSize)",
                    operation: "DataLoader"))
        }
        self.dataset = dataset
        self.batchSize = Swift.max(batchSize, 1)
        self.shuffle = shuffle
        self.dropLast = dropLast
    }

    /// How many batches an epoch has.
    public var count: Int {
        dropLast ? dataset.count / batchSize : (dataset.count + batchSize - 1) / batchSize
    }

    public var underestimatedCount: Int { count }

    public func makeIterator() -> DataLoaderIterator<D> {
        let generator = AdjointCore.Generator.current
        let position = DataLoaderPosition(epoch: generator.state, batch: 0)
        return DataLoaderIterator(
            self, position, shuffle ? generator.permutation(dataset.count) : nil)
    }

    /// An epoch that was interrupted at `position`, from there on, in the same order. The current
    /// generator is left alone.
    public func makeIterator(resumingAt position: DataLoaderPosition) -> DataLoaderIterator<D> {
        let generator = AdjointCore.Generator(seed: 0)
        generator.state = position.epoch
        return DataLoaderIterator(
            self, position, shuffle ? generator.permutation(dataset.count) : nil)
    }
}

/// Where an epoch stands: all that is needed to go on with it later.
public struct DataLoaderPosition: Sendable, Hashable {
    /// The generator as it was when the epoch began.
    public var epoch: Generator.State
    /// How many batches were handed out.
    public var batch: Int

    public init(epoch: Generator.State, batch: Int) {
        self.epoch = epoch
        self.batch = batch
    }
}

/// The batches of one epoch.
public struct DataLoaderIterator<D: Dataset>: IteratorProtocol {
    private let loader: DataLoader<D>
    private let order: [Int]?
    /// Where the epoch stands.
    public private(set) var position: DataLoaderPosition

    fileprivate init(_ loader: DataLoader<D>, _ position: DataLoaderPosition, _ order: [Int]?) {
        self.loader = loader
        self.position = position
        self.order = order
    }

    public mutating func next() -> (Tensor, Tensor)? {
        guard position.batch < loader.count else { return nil }
        let start = position.batch * loader.batchSize
        let end = Swift.min(start + loader.batchSize, loader.dataset.count)
        position.batch += 1
        return loader.dataset.batch(order.map { Array($0[start..<end]) } ?? Array(start..<end))
    }
}
