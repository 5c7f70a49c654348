public import Adjoint

/// Why a request cannot be served, in one line.
public struct RequestError: Error, CustomStringConvertible {
    /// What is wrong, where, and what was expected.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// A tensor as JSON:
///
///     {"values": [[0.5, 1], [2, 3]], "dtype": "float32"}
///     {"values": [0.5, 1, 2, 3], "shape": [2, 2]}
///
/// `dtype` is float32, float64 or int64, and float32 where it is left out. An answer has a shape
/// and its values in one row; a number that is none, or infinite, is null.
public enum TensorJSON {
    /// The tensor in a request's body.
    ///
    /// - Throws: `RequestError` where the text is no tensor; the `TensorError` of `Tensor.init`
    ///   where the shape is none for its values.
    public static func tensor(_ body: [UInt8]) throws -> Tensor {
        var reader = TensorReader(body)
        let text = try reader.read()
        if text.values.isEmpty { throw RequestError("values hold no number") }
        let shape = text.shape ?? text.sizes
        return try catchingTensorErrors {
            switch text.dtype {
            case "float32": Tensor(try text.converted(Float.init(within:)), shape: shape)
            case "float64": Tensor(text.values, shape: shape)
            case "int64": Tensor(try text.converted(Int64.init(exactly:)), shape: shape)
            default:
                throw RequestError(
                    "dtype \(text.dtype) is not served; give float32, float64 or int64")
            }
        }
    }

    /// The body of an answer.
    static func text(_ tensor: Tensor) -> String {
        let values: [Float] = tensor.array()
        let numbers = values.map { $0.isFinite ? "\($0)" : "null" }
        let shape = tensor.shape.map { "\($0)" }
        return #"{"shape": [\#(shape.joined(separator: ", "))], "#
            + #""values": [\#(numbers.joined(separator: ", "))]}"# + "\n"
    }
}

/// What a request says about its tensor.
struct TensorText {
    var values: [Double] = []
    /// The sizes of the arrays that the values stand in.
    var sizes: [Int] = []
    /// The shape, where it is given.
    var shape: [Int]?
    var dtype = "float32"

    /// The values as numbers of a type, each of which must be able to hold its own.
    func converted<T>(_ convert: (Double) -> T?) throws(RequestError) -> [T] {
        var converted: [T] = []
        converted.reserveCapacity(values.count)
        for (i, value) in values.enumerated() {
            guard let number = convert(value) else {
                throw RequestError("value \(i) is \(value), which \(dtype) cannot hold")
            }
            converted.append(number)
        }
        return converted
    }
}

extension Float {
    /// The nearest number; nil beyond the largest.
    fileprivate init?(within value: Double) {
        self = Float(value)
        if !isFinite { return nil }
    }
}
