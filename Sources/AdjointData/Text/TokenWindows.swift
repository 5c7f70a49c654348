public import AdjointCore

/// Windows of a sequence of tokens, each with the tokens that follow its own: what a language
/// model learns from. An example is [length] and [length], int64, the second one further on.
public struct TokenWindows: Dataset {
    /// How many tokens a window has.
    public let length: Int
    /// How many tokens further on each next window begins.
    public let stride: Int
    /// [windows, length + 1], rows that share their memory.
    private let rows: Tensor

    /// - Parameters:
    ///   - tokens: The whole text, encoded.
    ///   - length: Tokens a window.
    ///   - stride: How far the beginnings of two windows lie apart. What is left at the end makes
    ///     no window.
    /// - Errors: `.argument` for a length or stride below 1, and for a length that an Int cannot
    ///   count a token beyond.
    public init(_ tokens: [Int], length: Int, stride: Int = 1) {
        if !(1..<Int.max).contains(length) || stride < 1 {
            Failure.raise(
                TensorError(
                    .argument,
                    "length and stride must be at least 1, and the length below 2⁶³ - 1, but they "
                        + "are \(length) and \(stride)", operation: "TokenWindows"))
        }
        let (length, stride) = (min(max(length, 1), Int.max - 1), max(stride, 1))
        self.length = length
        self.stride = stride
        if tokens.count <= length {
            rows = Tensor.zeros([0, length + 1], dtype: .int64)
        } else {
            let whole = Tensor(tokens.map(Int64.init), shape: [tokens.count])
            rows = whole.unfold(dim: 0, size: length + 1, step: stride)
        }
    }

    public var count: Int { rows.shape.first ?? 0 }

    public subscript(i: Int) -> (Tensor, Tensor) { pair(rows.select(dim: 0, index: i)) }

    public func gather(_ indices: [Int]) -> (Tensor, Tensor)? {
        pair(rows.indexSelect(dim: 0, index: Tensor(indices.map(Int64.init))))
    }

    private func pair(_ window: Tensor) -> (Tensor, Tensor) {
        (
            window.narrow(dim: -1, start: 0, length: length),
            window.narrow(dim: -1, start: 1, length: length)
        )
    }
}
