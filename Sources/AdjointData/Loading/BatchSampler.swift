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
    /// - Errors: `.argument` for a batch size below 1.
    public init(_ sampler: any Sampler, batchSize: Int, dropLast: Bool = false) {
        if batchSize < 1 {
            Failure.raise(
                TensorError(
                    .argument, "batchSize must be at least 1, but is \(batchSize)",
                    operation: "DataLoader"))
        }
        let size = Swift.max(batchSize, 1)
        count = dropLast ? sampler.count / size : (sampler.count + size - 1) / size
        make = { [count] in
            let order = sampler.order()
            return (0..<count).map {
                Array(
                    order[
                        Swift.min($0 * size, order.count)..<Swift.min(($0 + 1) * size, order.count)]
                )
            }
        }
    }

    /// Batches of one's own, such as examples of like length.
    ///
    /// - Parameters:
    ///   - count: How many there are in every pass.
    ///   - batches: Draws those of one pass from the current generator.
    public init(count: Int, _ batches: @escaping @Sendable () -> [[Int]]) {
        self.count = count
        make = batches
    }

    /// The batches of one pass, drawn from the current generator.
    public func batches() -> [[Int]] { make() }

    public func makeIterator() -> IndexingIterator<[[Int]]> { make().makeIterator() }
    public var underestimatedCount: Int { count }
}
