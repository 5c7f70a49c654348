public import AdjointCore

/// Some of the examples of another dataset.
public struct Subset<Base: Dataset>: Dataset {
    /// Where the examples come from.
    public let base: Base
    /// Which examples of `base`, in this order.
    public let indices: [Int]

    /// - Errors: `.index` for a number that `base` does not have.
    public init(_ base: Base, _ indices: [Int]) {
        let count = base.count
        if let bad = indices.first(where: { $0 < 0 || $0 >= count }) {
            Failure.raise(
                TensorError(
                    .index, "there is no example \(bad) among the \(count) of the dataset",
                    operation: "Subset"))
            (self.base, self.indices) = (base, [])
            return
        }
        (self.base, self.indices) = (base, indices)
    }

    public var count: Int { indices.count }

    /// The example at `i`.
    ///
    /// - Throws: A `TensorError` of kind `.index` where there is none.
    public subscript(i: Int) -> Base.Example {
        get throws { try base[indices.example(at: i)] }
    }

    public func gather(_ chosen: [Int]) throws -> (Tensor, Tensor)? {
        try base.gather(indices.examples(at: chosen))
    }
}

extension Dataset {
    /// The examples at `indices`, in that order.
    ///
    /// - Errors: `.index` for a number that is not there.
    public func subset(_ indices: [Int]) -> Subset<Self> { Subset(self, indices) }

    /// The examples at these positions, in order.
    ///
    /// - Errors: `.index` for a number that is not there.
    public func subset(_ range: Range<Int>) -> Subset<Self> {
        let count = count
        // Before the numbers are written out, which may be more than memory holds.
        if range.lowerBound < 0 || range.upperBound > count, !range.isEmpty {
            let bad = range.lowerBound < 0 ? range.lowerBound : max(range.lowerBound, count)
            return Subset(self, [bad])
        }
        return Subset(self, Array(range))
    }

    /// The examples that `isIncluded` accepts. All of them are read, once, when it is called.
    public func filter(_ isIncluded: (Example) throws -> Bool) throws -> Subset<Self> {
        Subset(self, try (0..<max(count, 0)).filter { try isIncluded(self[$0]) })
    }
}

/// Divides the examples at random into parts of the given sizes.
///
/// - Parameters:
///   - dataset: What is divided, without a copy.
///   - sizes: How many examples each part has.
///   - seed: Where the order comes from; the current generator if nil.
/// - Errors: `.argument` where the sizes do not add up to the number of examples.
public func randomSplit<D: Dataset>(_ dataset: D, _ sizes: [Int], seed: Int? = nil) -> [Subset<D>] {
    let count = dataset.count
    var (sum, fits) = (0, true)
    for size in sizes {
        // Compared without a sum, which may be more than an Int counts.
        fits = fits && size >= 0 && size <= count - sum
        if fits { sum += size }
    }
    if !fits || sum != count {
        Failure.raise(
            TensorError(
                .argument,
                "parts of \(sizes) examples do not add up to the \(dataset.count) there are",
                operation: "randomSplit"))
        return sizes.map { _ in Subset(dataset, []) }
    }
    let generator = seed.map { Generator(seed: $0) } ?? Generator.current
    var rest = generator.permutation(dataset.count)[...]
    return sizes.map { size in
        defer { rest = rest.dropFirst(size) }
        return Subset(dataset, Array(rest.prefix(size)))
    }
}

/// Divides the examples at random into parts of the given shares: `randomSplit(data, [0.8, 0.2])`.
/// Shares are rounded down, and what is left goes to the parts in turn, one example each.
///
/// - Parameters:
///   - dataset: What is divided, without a copy.
///   - shares: Which part of the examples each has; together 1.
///   - seed: Where the order comes from; the current generator if nil.
/// - Errors: `.argument` for shares that are negative, or do not add up to 1.
public func randomSplit<D: Dataset>(
    _ dataset: D, _ shares: [Double], seed: Int? = nil
) -> [Subset<D>] {
    if shares.contains(where: { !($0 >= 0) }) || abs(shares.reduce(0, +) - 1) > 1e-6 {
        Failure.raise(
            TensorError(
                .argument, "shares of \(shares) do not add up to 1", operation: "randomSplit"))
        return shares.map { _ in Subset(dataset, []) }
    }
    let count = dataset.count
    if count < 0 || !TensorMemory.hasRoom(for: count, of: Int.self) {
        Failure.raise(
            TensorError(
                .argument, "an order of \(count) examples cannot be made",
                operation: "randomSplit"))
        return shares.map { _ in Subset(dataset, []) }
    }
    // A share that is a rounding short of a whole example has it all the same.
    var sizes = shares.map { min(Int(($0 * Double(count) + 1e-9).rounded(.down)), count) }
    let left = count - sizes.reduce(0, +)
    for part in 0..<max(left, 0) { sizes[part % sizes.count] += 1 }
    return randomSplit(dataset, sizes, seed: seed)
}

extension Subset where Base == TensorDataset {
    /// Rows of tensors are there: unlike those of files they cannot fail to be read.
    ///
    /// - Errors: `.index` for an example that is not there.
    public func batch(_ chosen: [Int]) -> (Tensor, Tensor) {
        do throws(TensorError) {
            return base.batch(try indices.examples(at: chosen))
        } catch {
            Failure.raise(error)
            return base.batch([])
        }
    }
}

extension Array where Element: Sendable {
    /// The element at `i`.
    ///
    /// - Throws: An error of kind `.index` where there is none.
    func example(at i: Int) throws(TensorError) -> Element {
        if indices.contains(i) { return self[i] }
        throw TensorError(
            .index, "there is no example \(i) among the \(count) of the dataset",
            operation: "Dataset")
    }

    /// The elements at these places.
    ///
    /// - Throws: An error of kind `.index` where there is none.
    func examples(at places: [Int]) throws(TensorError) -> [Element] {
        var found: [Element] = []
        for i in places { found.append(try example(at: i)) }
        return found
    }
}
