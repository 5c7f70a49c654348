public import AdjointCore

/// Examples by number: for training an input and a target each, but any other value too.
///
/// A dataset of one's own gives a count and a subscript:
///
/// ```swift
/// struct Squares: Dataset {
///     let count = 100
///     subscript(i: Int) -> (Tensor, Tensor) { (Tensor([Float(i)]), Tensor([Float(i * i)])) }
/// }
/// ```
///
/// What it draws at random comes from the current generator. A `DataLoader` gives each example one
/// of its own, so that neither the order nor the number of workers changes what is drawn.
public protocol Dataset<Example>: Sendable {
    /// What the subscript gives; (input, target) where nothing else is said.
    associatedtype Example = (Tensor, Tensor)

    /// How many examples there are.
    var count: Int { get }

    /// The example at `i`, in 0..<count. It may throw where it lies in a file.
    subscript(i: Int) -> Example { get throws }

    /// Several examples at once, stacked along a new first dimension, where that is cheaper than
    /// one after another and draws nothing at random; nil, as unless said otherwise, elsewhere.
    func gather(_ indices: [Int]) throws -> (Tensor, Tensor)?
}

extension Dataset {
    public func gather(_ indices: [Int]) throws -> (Tensor, Tensor)? { nil }
}

extension Dataset where Example == (Tensor, Tensor) {
    /// Several examples, stacked along a new first dimension.
    ///
    /// - Errors: `.shape` where their shapes differ.
    public func batch(_ indices: [Int]) throws -> (Tensor, Tensor) {
        try gather(indices) ?? stackExamples(indices.map { try self[$0] })
    }
}

/// Examples that are the rows of two tensors.
public struct TensorDataset: Dataset {
    /// A row an example: [count, ...].
    public let inputs: Tensor
    /// A row an example: [count, ...].
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

    /// The rows of both tensors.
    public func batch(_ indices: [Int]) -> (Tensor, Tensor) {
        let rows = Tensor(indices.map(Int64.init))
        return (inputs.indexSelect(dim: 0, index: rows), targets.indexSelect(dim: 0, index: rows))
    }

    public func gather(_ indices: [Int]) -> (Tensor, Tensor)? { batch(indices) }
}
