public import AdjointCore

/// The examples of another dataset, each changed when it is read.
public struct MappedDataset<Base: Dataset, Example>: Dataset {
    /// Where the examples come from.
    public let base: Base
    private let transform: @Sendable (Base.Example) throws -> Example

    /// The examples of `base` as `transform` changes them, each time that they are read.
    public init(_ base: Base, _ transform: @escaping @Sendable (Base.Example) throws -> Example) {
        self.base = base
        self.transform = transform
    }

    public var count: Int { base.count }

    public subscript(i: Int) -> Example {
        get throws { try transform(base[i]) }
    }
}

/// The examples of several datasets, one after another.
public struct ConcatDataset<Base: Dataset>: Dataset {
    /// The datasets, in order.
    public let parts: [Base]
    /// Where each part begins, and the end of the last.
    private let starts: [Int]

    /// The examples of `parts`, one dataset after another, without a copy.
    ///
    /// - Errors: `.argument` for more examples than an Int counts.
    public init(_ parts: [Base]) {
        var starts = [0]
        for part in parts {
            let end = starts[starts.count - 1].addingReportingOverflow(Swift.max(part.count, 0))
            if end.overflow {
                Failure.raise(
                    TensorError(
                        .argument, "the datasets have more examples than can be counted",
                        operation: "ConcatDataset"))
                (self.parts, self.starts) = ([], [0])
                return
            }
            starts.append(end.partialValue)
        }
        (self.parts, self.starts) = (parts, starts)
    }

    public var count: Int { starts.last ?? 0 }

    public subscript(i: Int) -> Base.Example {
        get throws {
            let part = self.part(of: i)
            return try parts.example(at: part)[i - starts[part]]
        }
    }

    public func gather(_ indices: [Int]) throws -> (Tensor, Tensor)? {
        if parts.isEmpty { return nil }
        guard let first = indices.first.map(part), indices.allSatisfy({ part(of: $0) == first })
        else { return nil }
        return try parts[first].gather(indices.map { $0 - starts[first] })
    }

    /// The part that the example at `i` is in: the last that begins there or before.
    private func part(of i: Int) -> Int {
        var (low, high) = (0, parts.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if starts[middle] <= i { low = middle } else { high = middle - 1 }
        }
        return low
    }
}

/// The examples of two datasets side by side, as far as the shorter goes.
public struct ZippedDataset<First: Dataset, Second: Dataset>: Dataset {
    /// The dataset of the first halves.
    public let first: First
    /// The dataset of the second halves.
    public let second: Second

    /// Pairs of examples with the same number.
    public init(_ first: First, _ second: Second) {
        self.first = first
        self.second = second
    }

    public var count: Int { min(first.count, second.count) }

    public subscript(i: Int) -> (First.Example, Second.Example) {
        get throws { (try first[i], try second[i]) }
    }
}

/// The examples of a dataset with their numbers.
public struct EnumeratedDataset<Base: Dataset>: Dataset {
    /// Where the examples come from.
    public let base: Base

    /// Pairs of a number and its example.
    public init(_ base: Base) { self.base = base }

    public var count: Int { base.count }

    public subscript(i: Int) -> (index: Int, example: Base.Example) {
        get throws { (i, try base[i]) }
    }
}

/// The elements of an array as examples.
public struct ArrayDataset<Example: Sendable>: Dataset {
    /// The examples, in order.
    public let elements: [Example]

    /// The elements of an array as examples.
    public init(_ elements: [Example]) { self.elements = elements }

    public var count: Int { elements.count }

    /// The element at `i`.
    ///
    /// - Errors: `.index` where there is none; then the first stands for it. An array without any
    ///   has nothing to stand for it, and ends the process, as Swift's arrays do.
    public subscript(i: Int) -> Example {
        if elements.indices.contains(i) { return elements[i] }
        Failure.raise(
            TensorError(
                .index, "there is no example \(i) among the \(count) of the dataset",
                operation: "Dataset"))
        return elements[0]
    }
}

extension Dataset {
    /// The examples, each changed by `transform` when it is read: `data.map { x, y in (x / 255, y) }`.
    /// What that draws at random comes from the current generator.
    public func map<R>(
        _ transform: @escaping @Sendable (Example) throws -> R
    ) -> MappedDataset<Self, R> {
        MappedDataset(self, transform)
    }

    /// The examples of this dataset, then those of `other`.
    public func concat(_ other: Self) -> ConcatDataset<Self> { ConcatDataset([self, other]) }

    /// The examples with their numbers.
    public func enumerated() -> EnumeratedDataset<Self> { EnumeratedDataset(self) }
}

extension Dataset where Example == (Tensor, Tensor) {
    /// The examples, the inputs changed by `transform`, the targets as they are.
    public func map(
        inputs transform: @escaping @Sendable (Tensor) throws -> Tensor
    ) -> MappedDataset<Self, (Tensor, Tensor)> {
        MappedDataset(self) { (try transform($0), $1) }
    }
}

/// The examples of two datasets side by side, as far as the shorter goes.
public func zip<First: Dataset, Second: Dataset>(
    _ first: First, _ second: Second
) -> ZippedDataset<First, Second> {
    ZippedDataset(first, second)
}
