import AdjointCore

/// The order in which a `DataLoader` visits examples: a sequence of their numbers, which each pass
/// draws anew from the current generator. The same state of the generator gives the same order.
public protocol Sampler: Sequence, Sendable
where Element == Int, Iterator == IndexingIterator<[Int]> {
    /// How many numbers a pass has.
    var count: Int { get }
    /// The numbers of one pass, drawn from the current generator.
    func order() -> [Int]
}

extension Sampler {
    public func makeIterator() -> IndexingIterator<[Int]> { order().makeIterator() }
    public var underestimatedCount: Int { Swift.max(count, 0) }
}

/// 0, 1, 2, ...
public struct SequentialSampler: Sampler {
    public let count: Int

    /// 0, 1, … `count` - 1.
    ///
    /// - Errors: `.argument` for a negative count, and for one that no memory holds.
    public init(_ count: Int) {
        if count < 0 || !TensorMemory.hasRoom(for: count, of: Int.self) {
            Failure.raise(
                TensorError(
                    .argument, "an order of \(count) numbers cannot be made",
                    operation: "SequentialSampler"))
            self.count = 0
        } else {
            self.count = count
        }
    }
    /// The number of each example, in order.
    public init(_ dataset: some Dataset) { self.init(dataset.count) }

    public func order() -> [Int] { Array(0..<count) }
}

/// Numbers below a bound, each equally likely.
public struct RandomSampler: Sampler {
    private let bound: Int
    public let count: Int
    /// Whether a number may come again before all others have come.
    public let replacement: Bool

    /// - Parameters:
    ///   - bound: One more than the largest number.
    ///   - replacement: Whether each number is drawn from all of them.
    ///   - samples: How many numbers a pass has; `bound` of them if nil. Without replacement
    ///     more of them begin another permutation.
    /// - Errors: `.argument` for negative counts, and samples where there is nothing to draw.
    public init(_ bound: Int, replacement: Bool = false, samples: Int? = nil) {
        let count = samples ?? bound
        if bound < 0 || count < 0 || (bound == 0 && count > 0)
            || !TensorMemory.hasRoom(for: Swift.max(bound, count), of: Int.self)
        {
            Failure.raise(
                TensorError(
                    .argument, "\(count) samples cannot be drawn from \(bound) examples",
                    operation: "RandomSampler"))
            (self.bound, self.count, self.replacement) = (0, 0, replacement)
            return
        }
        (self.bound, self.count, self.replacement) = (bound, count, replacement)
    }

    /// Numbers of examples, each equally likely.
    ///
    /// - Errors: `.argument` for a negative number of samples.
    public init(_ dataset: some Dataset, replacement: Bool = false, samples: Int? = nil) {
        self.init(dataset.count, replacement: replacement, samples: samples)
    }

    public func order() -> [Int] {
        if replacement {
            return count == 0 ? [] : Tensor.randint(0, bound, [count]).array(as: Int.self)
        }
        var order: [Int] = []
        while order.count < count {
            let permutation = AdjointCore.Generator.current.permutation(bound)
            if permutation.isEmpty { break }
            order += permutation.prefix(count - order.count)
        }
        return order
    }
}

/// These numbers, in this order.
public struct SubsetSampler: Sampler {
    /// The numbers, in order.
    public let indices: [Int]

    /// These numbers, in this order.
    public init(_ indices: [Int]) { self.indices = indices }

    public var count: Int { indices.count }
    public func order() -> [Int] { indices }
}

/// These numbers, each pass in an order of its own.
public struct SubsetRandomSampler: Sampler {
    /// The numbers that are drawn from.
    public let indices: [Int]

    /// These numbers, shuffled anew in each pass.
    public init(_ indices: [Int]) { self.indices = indices }

    public var count: Int { indices.count }
    public func order() -> [Int] {
        AdjointCore.Generator.current.permutation(indices.count).map { indices[$0] }
    }
}

/// A number below `count`, from the current generator.
func randomIndex(below count: Int) -> Int {
    Tensor.randint(0, count, [1]).item(as: Int.self)
}
