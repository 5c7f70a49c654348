import Adjoint

/// The gradient that backward is to start from, as a page sends it: a number, which every element
/// of the result gets, or a list of the result's shape, nested as deep as that has dimensions.
struct BackwardSeed: Decodable, Sendable {
    /// Nil for a number.
    private let shape: [Int]?
    private let numbers: [Double]

    /// A list of more lists within one another than this has the shape of nothing here.
    static let depthLimit = 8

    init(from decoder: any Decoder) throws {
        let part = try Part(from: decoder)
        if case .number(let number) = part {
            shape = nil
            numbers = [number]
            return
        }
        var sizes: [Int] = []
        var numbers: [Double] = []
        try part.add(to: &numbers, &sizes, depth: 0)
        shape = sizes
        self.numbers = numbers
    }

    /// The seed as a tensor of the shape and dtype of `result`.
    ///
    /// - Throws: A `StudioError` with status 400 where it has another shape.
    func tensor(for result: Tensor) throws -> Tensor {
        let sizes = Array(result.shape)
        // A trace has the seed as what the pass begins with; how it was made is no part of the run.
        return try observing(nil) {
            guard let shape else {
                return Tensor.full(sizes, numbers[0], dtype: result.dtype)
            }
            guard shape == sizes else {
                throw Self.error(
                    "has shape \(shape), and the result has shape \(sizes): give "
                        + (sizes.isEmpty
                            ? "a number" : "a list of that shape, or one number for all elements"))
            }
            return Tensor(numbers, dtype: result.dtype).reshape(sizes)
        }
    }

    private static func error(_ words: String) -> StudioError {
        StudioError(400, "seed", "the gradient to start from \(words)")
    }

    /// A number, or a list of parts.
    private indirect enum Part: Decodable {
        case number(Double)
        case list([Part])

        init(from decoder: any Decoder) throws {
            if let number = try? decoder.singleValueContainer().decode(Double.self) {
                guard Float(number).isFinite else {
                    throw BackwardSeed.error("holds \(number), which is no finite float32")
                }
                self = .number(number)
                return
            }
            guard var list = try? decoder.unkeyedContainer() else { throw Self.notANumber }
            // The first key is that of the seed itself.
            guard decoder.codingPath.count <= depthLimit else {
                throw BackwardSeed.error("is nested more than \(depthLimit) deep")
            }
            var parts: [Part] = []
            while !list.isAtEnd {
                if try list.decodeNil() { throw Self.notANumber }
                guard parts.count < ExpressionRequest.elementLimit else { throw Self.tooMany }
                parts.append(try list.decode(Part.self))
            }
            self = .list(parts)
        }

        private static let notANumber = BackwardSeed.error(
            "holds something that is no number: give a number, or a list of numbers of the "
                + "result's shape")
        private static let tooMany = BackwardSeed.error(
            "has more than \(ExpressionRequest.elementLimit) elements")

        /// Adds the numbers in order; the first list at each depth says how long the others are.
        func add(to numbers: inout [Double], _ sizes: inout [Int], depth: Int) throws {
            let uneven = BackwardSeed.error("has rows of different lengths")
            switch self {
            case .number(let number):
                guard depth == sizes.count else { throw uneven }
                guard numbers.count < ExpressionRequest.elementLimit else { throw Self.tooMany }
                numbers.append(number)
            case .list(let parts):
                if depth == sizes.count, numbers.isEmpty { sizes.append(parts.count) }
                guard depth < sizes.count, sizes[depth] == parts.count else { throw uneven }
                for part in parts { try part.add(to: &numbers, &sizes, depth: depth + 1) }
            }
        }
    }
}
