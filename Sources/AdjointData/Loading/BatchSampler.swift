import AdjointCore

/// The numbers of the examples that each batch of a pass has.
public struct BatchSampler: Sequence, Sendable {
    /// How many batches a pass has.
    public let count: Int
    private let make: @Sendable () -> [[Int]]

    /// Batches of `batchSize` numbers of `sampler`, the last of what is left.
    ///
    /// - Parameters:
    ///   - sampler: Where the numbers come from.
    ///   - batchSize: How many numbers a full batch has.
    ///   - dropLast: Whether a last batch that is not full is left out.
    /// - Errors: `.argument` for a batch size below 1, and for a sampler with a negative count, or one
    ///   that no memory holds.
    public init(_ sampler: any Sampler, batchSize: Int, dropLast: Bool = false) {
        if batchSize < 1 {
            Failure.raise(
                TensorError(
                    .argument, "batchSize must be at least 1, but is \(batchSize)",
                    operation: "DataLoader"))
        }
        let size = Swift.max(batchSize, 1)
        let fits = Self.fits(sampler.count)
        if !fits {
            Failure.raise(
                TensorError(
                    .argument, "a pass over \(sampler.count) numbers cannot be made",
                    operation: "BatchSampler"))
        }
        let numbers = fits ? sampler.count : 0
        count = numbers / size + (dropLast || numbers % size == 0 ? 0 : 1)
        make = { [count] in
            var rest = sampler.order()[...]
            var batches: [[Int]] = []
            while batches.count < count, !rest.isEmpty {
                batches.append(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            return batches
        }
    }

    /// Batches of one's own, such as examples of like length.
    ///
    /// - Parameters:
    ///   - count: How many there are in every pass.
    ///   - batches: Draws those of one pass from the current generator.
    /// - Errors: `.argument` for a negative count, and for one that no memory holds.
    public init(count: Int, _ batches: @escaping @Sendable () -> [[Int]]) {
        let fits = Self.fits(count)
        if !fits {
            Failure.raise(
                TensorError(
                    .argument, "a pass cannot have \(count) batches", operation: "BatchSampler"))
        }
        self.count = fits ? count : 0
        make = batches
    }

    /// Whether there can be so many: Swift makes room for all of them where it gathers them.
    private static func fits(_ count: Int) -> Bool {
        count >= 0 && TensorMemory.hasRoom(for: count, of: Int.self)
    }

    /// The batches of one pass, drawn from the current generator.
    public func batches() -> [[Int]] { make() }

    public func makeIterator() -> IndexingIterator<[[Int]]> { make().makeIterator() }
    public var underestimatedCount: Int { count }
}
