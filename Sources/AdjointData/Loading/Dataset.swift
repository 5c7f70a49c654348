public import AdjointCore

/// Examples by number: an input and a target each.
public protocol Dataset: Sendable {
    /// How many examples there are.
    var count: Int { get }
    /// The example at `i`, in 0..<count.
    subscript(i: Int) -> (Tensor, Tensor) { get }
    /// Several examples, stacked along a new first dimension.
    func batch(_ indices: [Int]) -> (Tensor, Tensor)
}

extension Dataset {
    public func batch(_ indices: [Int]) -> (Tensor, Tensor) {
        let examples = indices.map { self[$0] }
        return (Tensor.stack(examples.map(\.0)), Tensor.stack(examples.map(\.1)))
    }
}

/// Examples that are the rows of two tensors.
public struct TensorDataset: Dataset {
    public let inputs: Tensor
    public let targets: Tensor

    /// - Errors: `.shape` where the first sizes differ, or there is none.
    public init(_ inputs: Tensor, _ targets: Tensor) {
        let counts = (inputs.shape.first, targets.shape.first)
        if counts.0 == nil || counts.0 != counts.1 {
            Failure.raise(
                TensorError(
                    .shape,
                    "inputs of shape \(inputs.shape) and targets of shape \(targets.shape) must "
                        + "have as many rows", operation: "TensorDataset"))
        }
        self.inputs = inputs
        self.targets = targets
    }

    public var count: Int { min(inputs.shape.first ?? 0, targets.shape.first ?? 0) }

    public subscript(i: Int) -> (Tensor, Tensor) {
        (inputs.select(dim: 0, index: i), targets.select(dim: 0, index: i))
    }

    public func batch(_ indices: [Int]) -> (Tensor, Tensor) {
        let rows = Tensor(indices.map(Int64.init))
        return (inputs.indexSelect(dim: 0, index: rows), targets.indexSelect(dim: 0, index: rows))
    }
}

/// Some of the examples of another dataset.
public struct Subset<Base: Dataset>: Dataset {
    public let base: Base
    public let indices: [Int]

    public init(_ base: Base, _ indices: [Int]) {
        self.base = base
        self.indices = indices
    }

    public var count: Int { indices.count }
    public subscript(i: Int) -> (Tensor, Tensor) { base[indices[i]] }
    public func batch(_ chosen: [Int]) -> (Tensor, Tensor) {
        base.batch(chosen.map { indices[$0] })
    }
}

/// Divides the examples at random into parts of the given sizes.
///
/// - Parameter seed: Where the order comes from; the current generator if nil.
/// - Errors: `.argument` where the sizes do not add up to the number of examples.
public func randomSplit<D: Dataset>(_ dataset: D, _ sizes: [Int], seed: Int? = nil) -> [Subset<D>] {
    if sizes.contains(where: { $0 < 0 }) || sizes.reduce(0, +) != dataset.count {
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
