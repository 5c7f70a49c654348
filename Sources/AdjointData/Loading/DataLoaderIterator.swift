public import AdjointCore

/// The batches of one epoch.
///
/// With workers, letting go of the iterator before its end stops them; what they had ready is
/// dropped.
public struct DataLoaderIterator<D: Dataset>: IteratorProtocol {
    private let epoch: Epoch<D>
    private var workers: OrderedWorkers<LoadedBatch>?
    /// Where the epoch stands: a position to go on at, also after workers have run ahead of it.
    public private(set) var position: DataLoaderPosition

    init(_ loader: DataLoader<D>, _ position: DataLoaderPosition, _ batches: [[Int]]) {
        let epoch = Epoch(loader, position.epoch, batches)
        let start = Swift.max(position.batch, 0)
        self.epoch = epoch
        self.position = DataLoaderPosition(epoch: position.epoch, batch: start)
        if loader.workers > 0, start < epoch.batches.count {
            workers = OrderedWorkers(
                start..<epoch.batches.count,
                threads: Swift.min(loader.workers, epoch.batches.count - start),
                ahead: loader.workers * loader.prefetch
            ) { number in epoch.mode.elsewhere { try epoch.load(number) } }
        }
    }

    /// The next batch, or nil at the end. After an error the one behind it comes next.
    ///
    /// - Throws: What reading an example threw: a `DataFileError` for a file that is damaged.
    public mutating func nextBatch() throws -> (Tensor, Tensor)? {
        let number = position.batch
        guard number < epoch.batches.count else {
            workers = nil
            return nil
        }
        position.batch += 1
        let loaded = workers?.take(number) ?? epoch.mode.here { try epoch.load(number) }
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

/// How often each number came so far. An array counts fastest, but a dataset may have many more
/// numbers than a pass draws, and than memory holds.
private struct Occurrences {
    private var counts: [Int] = []
    private var sparse: [Int: Int] = [:]

    init(of numbers: Int, drawn: Int) {
        if numbers / 4 <= drawn { counts = [Int](repeating: 0, count: Swift.max(numbers, 0)) }
    }

    /// Counts `number`, and says how often it came before.
    mutating func note(_ number: Int) -> Int {
        if counts.isEmpty {
            defer { sparse[number, default: 0] += 1 }
            return sparse[number] ?? 0
        }
        defer { counts[number] += 1 }
        return counts[number]
    }
}

/// All that the batches of one epoch follow from; shared by those who load them.
private final class Epoch<D: Dataset>: Sendable {
    let batches: [[Int]]
    let mode = LoadingMode()
    private let loader: DataLoader<D>
    private let state: Generator.State
    /// For each example of each batch, how often its number came before; nil where none comes again.
    private let occurrences: [[Int]]?

    init(_ loader: DataLoader<D>, _ state: Generator.State, _ batches: [[Int]]) {
        self.loader = loader
        self.state = state
        let count = loader.dataset.count
        for batch in batches {
            if let bad = batch.first(where: { $0 < 0 || $0 >= count }) {
                Failure.raise(
                    TensorError(
                        .index,
                        "the sampler gave \(bad), but the dataset has \(count) examples",
                        operation: "DataLoader"))
                (self.batches, occurrences) = ([], nil)
                return
            }
        }
        var seen = Occurrences(of: count, drawn: batches.reduce(0) { $0 + $1.count })
        var comesAgain = false
        let occurrences = batches.map { batch in
            batch.map { index in
                let before = seen.note(index)
                comesAgain = comesAgain || before > 0
                return before
            }
        }
        self.batches = batches
        self.occurrences = comesAgain ? occurrences : nil
    }

    func load(_ number: Int) throws -> (Tensor, Tensor) {
        let indices = batches[number]
        return try withGenerator(seed: ExampleSeed.batch(state, number)) {
            if loader.gathers, let batch = try loader.dataset.gather(indices) { return batch }
            var examples: [D.Example] = []
            examples.reserveCapacity(indices.count)
            for (place, index) in indices.enumerated() {
                let seed = ExampleSeed.example(state, index, occurrences?[number][place] ?? 0)
                examples.append(try withGenerator(seed: seed) { try loader.dataset[index] })
            }
            return try loader.collate(examples)
        }
    }
}
