public import AdjointCore

/// Several examples, stacked along a new first dimension: what a `DataLoader` does unless told
/// otherwise.
///
/// - Errors: `.shape` where their shapes differ; `padding(_:targets:)` is for those.
public func stackExamples(_ examples: [(Tensor, Tensor)]) -> (Tensor, Tensor) {
    (stacked(examples.map(\.0), "inputs"), stacked(examples.map(\.1), "targets"))
}

private func stacked(_ tensors: [Tensor], _ what: String) -> Tensor {
    if let first = tensors.first, let other = tensors.first(where: { $0.shape != first.shape }) {
        return Failure.poison(
            TensorError(
                .shape,
                "the \(what) of one batch have the shapes \(first.shape) and \(other.shape), which "
                    + "do not stack; give the loader a collate: closure, such as padding()",
                operation: "DataLoader"))
    }
    return Tensor.stack(tensors)
}

/// Puts examples of unequal length together: sequences are filled up at their ends to the longest
/// of the batch. For `DataLoader(dataset, batchSize: 8, collate: padding(0, targets: -100))`.
///
/// - Parameters:
///   - value: What inputs are filled up with.
///   - targets: What targets are filled up with; those without dimensions are stacked. -100 is
///     what `crossEntropy` leaves out.
public func padding(
    _ value: Double = 0, targets: Double = -100
) -> @Sendable ([(Tensor, Tensor)]) -> (Tensor, Tensor) {
    { examples in
        (
            padSequence(examples.map(\.0), paddingValue: value),
            padSequence(examples.map(\.1), paddingValue: targets)
        )
    }
}

/// Stacks sequences [length, ...] of unequal length: [count, longest, ...], what is missing at the
/// ends filled up. Same as `torch.nn.utils.rnn.pad_sequence` with `batch_first=True`. Tensors
/// without dimensions are stacked. A program of tensor operations, so gradients pass.
///
/// - Parameters:
///   - sequences: [length, ...] each, of one dtype.
///   - batchFirst: False gives [longest, count, ...].
///   - paddingValue: What is put in, in the tensors' own dtype.
/// - Errors: `.shape` for no sequences at all, and where they differ in more than their length.
public func padSequence(
    _ sequences: [Tensor], batchFirst: Bool = true, paddingValue: Double = 0
) -> Tensor {
    guard let first = sequences.first, first.ndim > 0 else { return Tensor.stack(sequences) }
    if let other = sequences.first(where: {
        $0.ndim != first.ndim || $0.shape.dropFirst() != first.shape.dropFirst()
    }) {
        return Failure.poison(
            TensorError(
                .shape,
                "sequences of the shapes \(first.shape) and \(other.shape) differ in more than "
                    + "their first dimension", operation: "padSequence"))
    }
    let longest = sequences.map { $0.shape[0] }.max() ?? 0
    let padded = sequences.map { sequence in
        let missing = longest - sequence.shape[0]
        if missing == 0 { return sequence }
        // Pairs begin with the last dimension; the first is the last pair.
        let widths = [Int](repeating: 0, count: 2 * sequence.ndim - 1) + [missing]
        return sequence.constantPadNd(widths, value: paddingValue)
    }
    return Tensor.stack(padded, dim: batchFirst ? 0 : 1)
}
